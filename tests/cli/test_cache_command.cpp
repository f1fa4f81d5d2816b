// Looking after the feature cache from the command line.
#include <gtest/gtest.h>

#include <algorithm>

#include "demo.hpp"

namespace vidclass::cli::testing {
namespace {

class CacheVerb : public ::testing::Test {
protected:
  void SetUp() override {
    ASSERT_EQ(run({"extract", demo_clips(), "--backbone", "mini", "--cache", cache_.path()}).status,
              0);
  }
  Result cache(const std::string& what, Arguments more = {}) const {
    Arguments words{"cache", what, "--cache", cache_.path(), "--json"};
    words.insert(words.end(), more.begin(), more.end());
    return run(words);
  }
  TempDir cache_;
};

TEST_F(CacheVerb, InfoCountsEntries) {
  const Json document = cache("info").json();
  EXPECT_EQ(document.at("entries"), 64);  // features and motion of each clip
  EXPECT_GT(document.at("bytes"), 64 * 1000);
}

TEST_F(CacheVerb, VerifyNamesADamagedEntryAndDeletesItOnRequest) {
  EXPECT_EQ(cache("verify").status, 0);
  for (const auto& path : files_below(cache_.path())) {
    if (path.extension() != ".safetensors") continue;
    write_text(path, "damaged");
    break;
  }
  const Result damaged = cache("verify");
  EXPECT_EQ(damaged.status, 1);
  EXPECT_EQ(damaged.json().at("damaged").size(), 1U);
  EXPECT_EQ(cache("verify", {"--delete"}).status, 0);
  EXPECT_EQ(cache("info").json().at("entries"), 63);
}

TEST_F(CacheVerb, PruneNeedsALimit) { expect_wrong_use(run({"cache", "prune"}), {"--unused-for"}); }

TEST_F(CacheVerb, PruneCutsDownToASize) {
  const auto bytes = cache("info").json().at("bytes").get<double>();
  const std::string half = std::to_string(std::max(0.001, bytes / 2 / 1e9));
  EXPECT_EQ(cache("prune", {"--max-size", half, "--dry-run"}).json().at("deleted"), 0);
  (void)cache("prune", {"--max-size", half});
  EXPECT_LE(cache("info").json().at("bytes").get<double>(), std::max(1e6, bytes / 2));
}

TEST_F(CacheVerb, ExportSaysWhatDoesItNow) {
  expect_wrong_use(run({"cache", "export", demo_clips(), "--to", "npy"}),
                   {"vidclass extract DATA --output DIR"});
}

TEST_F(CacheVerb, TwoRanksFillOneCacheTogether) {
  const TempDir shared;
  const auto rank = [&](const std::string& number) {
    return Arguments{"extract", demo_clips(), "--backbone", "mini",    "--cache", shared.path(),
                     "--json",  "--rank",     number,       "--ranks", "2"};
  };
  Program first(rank("0"));
  Program second(rank("1"));
  const Json a = first.wait().json();
  const Json b = second.wait().json();
  EXPECT_EQ(a.at("clips"), 32);
  EXPECT_EQ(b.at("clips"), 32);
  // Nothing is computed twice.
  EXPECT_EQ(a.at("frames").get<int>() + b.at("frames").get<int>(), 32 * 20);
}

TEST_F(CacheVerb, HalfSizeEntriesAreOthersThanWholeOnes) {
  const Arguments words{"extract",     demo_clips(),    "--backbone", "mini",  "--cache",
                        cache_.path(), "--cache-dtype", "float16",    "--json"};
  EXPECT_EQ(run(words).json().at("cached"), 0);
  EXPECT_EQ(run(words).json().at("cached"), 32);
}

}  // namespace
}  // namespace vidclass::cli::testing
