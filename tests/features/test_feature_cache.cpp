#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "features/cache.hpp"
#include "features/clips.hpp"
#include "support/temp_dir.hpp"
#include "vidclass/error.hpp"

namespace vidclass::features {
namespace {

using testing::entries_in;
using testing::strays_in;
using testing::TempDir;

const std::string key = "ab" + std::string(62, 'c');

NamedTensors example(float value = 1.5F) {
  return {{"avg", Tensor::from<float>({1, 2}, std::vector<float>{value, 2})},
          {"times", Tensor::from<double>({1}, std::vector<double>{0.25})}};
}

float first_value(const NamedTensors& arrays) { return arrays.at("avg").data<float>()[0]; }

TEST(FeatureCache, HasNoEntryThatWasNotStored) {
  const TempDir dir;
  EXPECT_FALSE(FeatureCache(dir / "cache").find(key));
}

TEST(FeatureCache, LookingUpMakesNoFolder) {
  const TempDir dir;
  (void)FeatureCache(dir / "cache").find(key);
  EXPECT_FALSE(std::filesystem::exists(dir / "cache"));
}

TEST(FeatureCache, GivesBackWhatWasStored) {
  const TempDir dir;
  FeatureCache(dir / "cache").store(key, example());
  const auto found = FeatureCache(dir / "cache").find(key);
  ASSERT_TRUE(found);
  EXPECT_EQ(first_value(*found), 1.5F);
}

TEST(FeatureCache, KeepsAnEntryUnderTheFirstTwoLettersOfItsKey) {
  const TempDir dir;
  FeatureCache(dir.path()).store(key, example());
  EXPECT_TRUE(std::filesystem::exists(dir.path() / "ab" / (key + ".safetensors")));
}

TEST(FeatureCache, LeavesNothingBesideAnEntry) {
  const TempDir dir;
  FeatureCache(dir.path()).store(key, example());
  EXPECT_TRUE(strays_in(dir.path()).empty());
}

TEST(FeatureCache, TakesAnEntryThatIsCutShortForNone) {
  const TempDir dir;
  const FeatureCache cache(dir.path());
  cache.store(key, example());
  const auto entry = entries_in(dir.path()).at(0);
  std::filesystem::resize_file(entry, std::filesystem::file_size(entry) - 1);
  EXPECT_FALSE(cache.find(key));
}

TEST(FeatureCache, TakesAnEmptyEntryForNone) {
  const TempDir dir;
  const FeatureCache cache(dir.path());
  cache.store(key, example());
  std::filesystem::resize_file(entries_in(dir.path()).at(0), 0);
  EXPECT_FALSE(cache.find(key));
}

TEST(FeatureCache, TakesAnEntryThatIsSomethingElseForNone) {
  const TempDir dir;
  const FeatureCache cache(dir.path());
  cache.store(key, example());
  std::ofstream(entries_in(dir.path()).at(0)) << "something else, but long enough";
  EXPECT_FALSE(cache.find(key));
}

TEST(FeatureCache, ReplacesADamagedEntry) {
  const TempDir dir;
  const FeatureCache cache(dir.path());
  cache.store(key, example());
  std::filesystem::resize_file(entries_in(dir.path()).at(0), 20);
  cache.store(key, example(4));
  EXPECT_EQ(first_value(cache.find(key).value()), 4);
}

TEST(FeatureCache, ThrowsWhereItCannotStore) {
  const TempDir dir;
  std::ofstream(dir / "cache") << "a file where the folder should be";
  EXPECT_THROW(FeatureCache(dir / "cache").store(key, example()), Error);
}

TEST(FeatureCache, ShowsWholeEntriesOnlyWhileOthersStoreThem) {
  const TempDir dir;
  const FeatureCache cache(dir.path());
  cache.store(key, example());
  std::vector<int> damaged(2, 0);
  {
    std::vector<std::jthread> threads;
    for (int writer = 0; writer < 2; ++writer) {
      threads.emplace_back([&] {
        for (int i = 0; i < 20; ++i) cache.store(key, example());
      });
    }
    for (int& mine : damaged) {
      threads.emplace_back([&] {
        for (int i = 0; i < 100; ++i) mine += cache.find(key) ? 0 : 1;
      });
    }
  }
  EXPECT_EQ(damaged, std::vector<int>(2, 0));
}

}  // namespace
}  // namespace vidclass::features
