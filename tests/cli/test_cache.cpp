// What was computed once is not computed again.
#include <gtest/gtest.h>

#include "demo.hpp"

namespace vidclass::cli::testing {
namespace {

class FilledCache : public ::testing::Test {
protected:
  void SetUp() override { ASSERT_EQ(extract().at("cached"), 0); }

  [[nodiscard]] Json extract(const Arguments& more = {}) const {
    Arguments words{"extract", demo_clips(), "--backbone", "mini",
                    "--json",  "--cache",    cache_.path()};
    words.insert(words.end(), more.begin(), more.end());
    return run(words).json();
  }

private:
  TempDir cache_;
};

TEST_F(FilledCache, ServesEveryClipTheSecondTime) {
  const Json second = extract();
  EXPECT_EQ(second.at("clips"), 32);
  EXPECT_EQ(second.at("cached"), 32);
  EXPECT_EQ(second.at("frames"), 0);
}

TEST_F(FilledCache, DoesNotServeAnotherNumberOfFrames) {
  const Json second = extract({"--frames", "10"});
  EXPECT_EQ(second.at("cached"), 0);
  EXPECT_EQ(second.at("frames"), 320);
}

TEST_F(FilledCache, DoesNotServeAnotherSampling) {
  EXPECT_EQ(extract({"--sampling", "first"}).at("cached"), 0);
}

TEST_F(FilledCache, DoesNotServeAnotherSize) {
  EXPECT_EQ(extract({"--size", "96"}).at("cached"), 0);
}

TEST_F(FilledCache, DoesNotServeAnotherWayOfPreprocessing) {
  EXPECT_EQ(extract({"--preprocess", "keras"}).at("cached"), 0);
}

TEST_F(FilledCache, ServesAnotherBatchAndNumberOfThreads) {
  EXPECT_EQ(extract({"--batch", "2", "--threads", "1"}).at("cached"), 32);
}

TEST(UsersCache, IsTheFolderThatTheEnvironmentNames) {
  const TempDir cache;
  ASSERT_EQ(run({"extract", demo_clips(), "--backbone", "mini"}, {{"XDG_CACHE_HOME", cache.path()}})
                .status,
            0);
  EXPECT_FALSE(files_below(cache / "vidclass/features").empty());
}

TEST(UsersCache, IsLeftAloneWhereAnotherIsNamed) {
  const TempDir cache, other;
  ASSERT_EQ(run({"extract", demo_clips(), "--backbone", "mini", "--cache", other.path()},
                {{"XDG_CACHE_HOME", cache.path()}})
                .status,
            0);
  EXPECT_FALSE(std::filesystem::exists(cache / "vidclass/features"));
  EXPECT_FALSE(files_below(other.path()).empty());
}

/// A home without room for a cache: nobody, root neither, can make a folder below it.
const Environment without_cache{{"XDG_CACHE_HOME", "/proc/none"}, {"HOME", "/"}};

/// What a call warns of the cache.
std::vector<std::string> warnings_of_cache(const Arguments& words) {
  const Result result = run(words, without_cache);
  EXPECT_EQ(result.status, 0) << result.err;
  std::vector<std::string> found;
  for (const std::string& line : lines_of(result.err)) {
    if (line.starts_with("warning: the feature cache ")) found.push_back(line);
  }
  return found;
}

TEST(CacheThatCannotBeWritten, IsWarnedOfOnceWithWhatHelps) {
  const TempDir dir;
  for (const Arguments& words :
       {Arguments{"scan", demo_clips()}, Arguments{"evaluate", demo_model(), demo_clips()},
        Arguments{"train", demo_clips(), "-o", dir / "m", "--backbone", "mini", "--head", "mean"},
        Arguments{"extract", demo_clips(), "-o", dir / "arrays", "--backbone", "mini"}}) {
    const auto warnings = warnings_of_cache(words);
    ASSERT_EQ(warnings.size(), 1U) << words[0];
    EXPECT_NE(warnings[0].find("--cache"), std::string::npos);
    EXPECT_NE(warnings[0].find("XDG_CACHE_HOME"), std::string::npos);
  }
}

TEST(CacheThatCannotBeWritten, IsNoMatterToPredict) {
  EXPECT_TRUE(warnings_of_cache({"predict", demo_model(), demo_clip("Rise")}).empty());
}

TEST(CacheThatCannotBeWritten, LeavesNothingInTheTemporaryFolder) {
  const TempDir temporary;
  Environment environment = without_cache;
  environment["TMPDIR"] = temporary.path().string();
  EXPECT_EQ(run({"evaluate", demo_model(), demo_clips()}, environment).status, 0);
  EXPECT_TRUE(std::filesystem::is_empty(temporary.path()));
}

TEST(CacheThatCannotBeWritten, LeavesExtractWithNowhereToPutFeatures) {
  expect_failure(run({"extract", demo_clips(), "--backbone", "mini"}, without_cache), 1,
                 {"--output"});
}

TEST(DamagedCacheEntries, AreComputedAgain) {
  const TempDir cache;
  const Arguments words{"extract", demo_clips(), "--backbone", "mini",
                        "--json",  "--cache",    cache.path()};
  ASSERT_EQ(run(words).status, 0);
  std::size_t entries = 0;
  for (const auto& file : files_below(cache.path())) {
    if (file.extension() != ".safetensors") continue;
    std::filesystem::resize_file(file, std::filesystem::file_size(file) / 2);
    ++entries;
  }
  ASSERT_EQ(entries, 64U);  // features and motion of each clip
  const Result again = run(words);
  EXPECT_EQ(again.status, 0) << again.err;
  EXPECT_EQ(again.json().at("cached"), 0);
  EXPECT_EQ(again.json().at("described"), 32);
}

}  // namespace
}  // namespace vidclass::cli::testing
