// Extraction in shards from the command line.
#include <gtest/gtest.h>

#include "demo.hpp"

namespace vidclass::cli::testing {
namespace {

class ShardOption : public ::testing::Test {
protected:
  Result extract(const std::string& shard, const std::string& output) const {
    return run({"extract", demo_clips(), "--backbone", "mini", "--shard", shard, "--output",
                dir_ / output, "--json"});
  }
  Result merge(const Arguments& parts) const {
    Arguments words{"cache", "merge", "--cache", dir_ / "cache", "--json"};
    words.insert(words.end(), parts.begin(), parts.end());
    return run(words);
  }
  TempDir dir_;
};

TEST_F(ShardOption, TakesItsShareOfTheClips) {
  const Json document = extract("1/3", "part.safetensors").json();
  EXPECT_EQ(document.at("clips"), 11);  // 1, 4, ..., 31 of 0 to 31
  EXPECT_EQ(document.at("written"), 22);
}

TEST_F(ShardOption, PartsMakeACacheFromWhichAllIsFound) {
  ASSERT_EQ(extract("0/2", "a.safetensors").status, 0);
  ASSERT_EQ(extract("1/2", "b.safetensors").status, 0);
  const Result merged = merge({dir_ / "a.safetensors", dir_ / "b.safetensors"});
  EXPECT_EQ(merged.status, 0) << merged.err;
  EXPECT_EQ(merged.json().at("added"), 64);
  const Result all =
      run({"extract", demo_clips(), "--backbone", "mini", "--cache", dir_ / "cache", "--json"});
  EXPECT_EQ(all.json().at("cached"), 32);
}

TEST_F(ShardOption, MissingPartsAreNamed) {
  ASSERT_EQ(extract("0/2", "a.safetensors").status, 0);
  const Result merged = merge({dir_ / "a.safetensors"});
  EXPECT_EQ(merged.status, 1);
  EXPECT_EQ(merged.json().at("missing"), Json::array({1}));
  EXPECT_NE(merged.err.find("missing: 16 clips, of shards 1 of 2"), std::string::npos);
}

TEST_F(ShardOption, NeedsAnOutput) {
  expect_wrong_use(run({"extract", demo_clips(), "--shard", "0/2"}), {"--output"});
}

TEST_F(ShardOption, IsRefusedWhereItIsNone) {
  expect_wrong_use(extract("2/2", "a.safetensors"), {"\"2/2\"", "0/8"});
}

TEST_F(ShardOption, GoesWithoutACache) {
  expect_wrong_use(run({"extract", demo_clips(), "--shard", "0/2", "--output",
                        dir_ / "a.safetensors", "--cache", dir_ / "cache"}),
                   {"--cache"});
}

}  // namespace
}  // namespace vidclass::cli::testing
