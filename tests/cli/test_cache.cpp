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
  ASSERT_EQ(entries, 32U);
  const Result again = run(words);
  EXPECT_EQ(again.status, 0) << again.err;
  EXPECT_EQ(again.json().at("cached"), 0);
}

}  // namespace
}  // namespace vidclass::cli::testing
