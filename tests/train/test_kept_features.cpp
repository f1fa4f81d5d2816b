#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "support/environment.hpp"
#include "support/head_fixtures.hpp"
#include "support/same_bytes.hpp"
#include "support/temp_dir.hpp"
#include "train/kept_features.hpp"
#include "vidclass/error.hpp"

namespace vidclass::train {
namespace {

using vidclass::testing::made_up_tensor;

Tensor clip_of(std::size_t clip) { return made_up_tensor({1 + clip % 3, 5}, clip + 1); }

std::shared_ptr<const FeatureSource> keep(std::size_t clips, const Room& room) {
  FeatureKeeper keeper(clips, room);
  for (std::size_t clip = clips; clip-- > 0;) keeper.add(clip, clip_of(clip));
  return keeper.finish();
}

void expect_same(const FeatureSource& source, std::size_t clips) {
  ASSERT_EQ(source.size(), clips);
  for (std::size_t clip = 0; clip < clips; ++clip) {
    EXPECT_TRUE(vidclass::testing::same_bytes(*source.features(clip), clip_of(clip))) << clip;
  }
}

class KeptFeatures : public ::testing::Test {
protected:
  vidclass::testing::TempDir dir_;
  Room in_a_file_{.most_in_memory = 100, .dir = dir_.path()};
};

TEST_F(KeptFeatures, StayAsTheyAreInMemory) {
  expect_same(*keep(9, {.most_in_memory = 100'000, .dir = dir_.path()}), 9);
}

TEST_F(KeptFeatures, StayAsTheyAreInAFile) { expect_same(*keep(9, in_a_file_), 9); }

TEST_F(KeptFeatures, LieInTheFolderWithoutAName) {
  const auto kept = keep(9, in_a_file_);
  EXPECT_TRUE(std::filesystem::is_empty(dir_.path()));
  EXPECT_EQ(kept->size(), 9U);
}

TEST_F(KeptFeatures, MayBeAddedFromSeveralThreads) {
  FeatureKeeper keeper(100, in_a_file_);
  std::vector<std::thread> threads;
  for (std::size_t first = 0; first < 4; ++first) {
    threads.emplace_back([&keeper, first] {
      for (std::size_t clip = first; clip < 100; clip += 4) keeper.add(clip, clip_of(clip));
    });
  }
  for (std::thread& thread : threads) thread.join();
  expect_same(*keeper.finish(), 100);
}

TEST_F(KeptFeatures, OfAFolderThatCannotBeWrittenLieWhereTemporaryFilesDo) {
  const auto file = dir_.path() / "a file";
  std::ofstream(file) << "in the way";
  expect_same(*keep(9, {.most_in_memory = 100, .dir = file}), 9);
}

TEST_F(KeptFeatures, WithoutAnyFolderAreAnErrorThatNamesOne) {
  const auto file = dir_.path() / "a file";
  std::ofstream(file) << "in the way";
  const vidclass::testing::Variable nowhere("TMPDIR", file.string());
  FeatureKeeper keeper(1, {.most_in_memory = 0, .dir = file});
  try {
    keeper.add(0, clip_of(0));
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find(file.string()), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace vidclass::train
