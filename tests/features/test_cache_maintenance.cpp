#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "dataset/fingerprint.hpp"
#include "features/cache.hpp"
#include "features/cache_maintenance.hpp"
#include "features/frozen_activations.hpp"
#include "support/temp_dir.hpp"

namespace vidclass::features {
namespace {

namespace fs = std::filesystem;
using std::chrono::hours;
using testing::TempDir;

const auto now = fs::file_time_type::clock::now();

std::string key(char first) { return first + std::string(63, '0'); }

NamedTensors arrays(float value = 1) {
  return {{"avg", Tensor::from<float>({1, 2}, std::vector<float>{value, 2})},
          {"times", Tensor::from<double>({1}, std::vector<double>{0})}};
}

/// Entries a, b, c that were last used 30, 20 and 10 hours ago.
class CacheMaintenance : public ::testing::Test {
protected:
  void SetUp() override {
    const FeatureCache cache(dir.path());
    hours ago{30};
    for (const char name : {'a', 'b', 'c'}) {
      cache.store(key(name), arrays());
      fs::last_write_time(path(name), now - ago);
      ago -= hours{10};
    }
  }
  [[nodiscard]] fs::path path(char name) const {
    return dir.path() / key(name).substr(0, 2) / (key(name) + ".safetensors");
  }
  [[nodiscard]] std::string names(const std::vector<CacheEntry>& entries) const {
    std::string text;
    for (const CacheEntry& entry : entries) text += entry.key[0];
    return text;
  }
  TempDir dir;
};

TEST_F(CacheMaintenance, ListsEntriesByLastUse) {
  EXPECT_EQ(names(list_entries(dir.path())), "abc");
}

TEST_F(CacheMaintenance, CountsFindingAnEntryAsUse) {
  ASSERT_TRUE(FeatureCache(dir.path()).find(key('a')).has_value());
  EXPECT_EQ(names(list_entries(dir.path())), "bca");
}

TEST_F(CacheMaintenance, LeavesOtherFilesAlone) {
  std::ofstream(dir.path() / "contents.tsv") << "x";
  std::ofstream(dir.path() / "mine.safetensors") << "x";
  EXPECT_EQ(names(list_entries(dir.path())), "abc");
}

TEST_F(CacheMaintenance, HasNothingToListWithoutAFolder) {
  EXPECT_TRUE(list_entries(dir.path() / "none").empty());
}

TEST_F(CacheMaintenance, PrunesWhatWasNotUsedForLong) {
  const auto entries = list_entries(dir.path());
  EXPECT_EQ(names(entries_to_prune(entries, {.unused_for = hours{15}}, now)), "ab");
}

TEST_F(CacheMaintenance, PrunesTheLeastRecentlyUsedDownToASize) {
  const auto entries = list_entries(dir.path());
  EXPECT_EQ(names(entries_to_prune(entries, {.most_bytes = 2 * entries[0].bytes}, now)), "a");
}

TEST_F(CacheMaintenance, PrunesNothingWithoutLimits) {
  EXPECT_TRUE(entries_to_prune(list_entries(dir.path()), {}, now).empty());
}

TEST_F(CacheMaintenance, RemovesEntriesEvenIfTheyAreGone) {
  const auto entries = list_entries(dir.path());
  fs::remove(path('b'));
  remove_entries(entries);
  EXPECT_TRUE(list_entries(dir.path()).empty());
}

TEST_F(CacheMaintenance, FindsADamagedEntry) {
  std::ofstream(path('b'), std::ios::binary) << "damaged";
  const auto damaged = find_damaged_entries(list_entries(dir.path()));
  ASSERT_EQ(damaged.size(), 1U);
  EXPECT_EQ(damaged[0].entry.key, key('b'));
  EXPECT_FALSE(damaged[0].reason.empty());
}

/// Of one frame, in the folder of its kind.
fs::path put_of_kind(const fs::path& cache, const char* kind, const NamedTensors& arrays) {
  const fs::path entry = cache / kind / key('d').substr(0, 2) / (key('d') + ".safetensors");
  write_safetensors(entry, arrays);
  return entry;
}

fs::path put_activations(const fs::path& cache, std::size_t times) {
  return put_of_kind(cache, activation_folder,
                     {{"activations", Tensor(DType::f16, {1, 2, 2, 3})},
                      {"features", Tensor(DType::f32, {1, 3})},
                      {"times", Tensor(DType::f64, {times})}});
}

TEST_F(CacheMaintenance, FindsNoFaultWithAFingerprint) {
  dataset::FingerprintStore(dir.path() / dataset::fingerprint_folder)
      .store("content", {std::vector<std::uint8_t>(dataset::fingerprint_pixels), {0}});
  const auto entries = list_entries(dir.path());
  EXPECT_EQ(entries.size(), 4U);
  EXPECT_TRUE(find_damaged_entries(entries).empty());
}

TEST_F(CacheMaintenance, FindsNoFaultWithFrozenActivations) {
  put_activations(dir.path(), 1);
  EXPECT_TRUE(find_damaged_entries(list_entries(dir.path())).empty());
}

TEST_F(CacheMaintenance, FindsAFingerprintWithoutItsPictures) {
  const fs::path entry = put_of_kind(
      dir.path(), dataset::fingerprint_folder,
      {{"pictures", Tensor(DType::u8, {1, 16, 16})}, {"times", Tensor(DType::f32, {2})}});
  const auto damaged = find_damaged_entries(list_entries(dir.path()));
  ASSERT_EQ(damaged.size(), 1U);
  EXPECT_EQ(damaged[0].entry.path, entry);
}

TEST_F(CacheMaintenance, FindsActivationsOfOtherFramesThanTheirTimes) {
  const fs::path entry = put_activations(dir.path(), 2);
  const auto damaged = find_damaged_entries(list_entries(dir.path()));
  ASSERT_EQ(damaged.size(), 1U);
  EXPECT_EQ(damaged[0].entry.path, entry);
}

TEST_F(CacheMaintenance, FindsAnEntryThatIsNotFinite) {
  FeatureCache(dir.path()).store(key('c'), arrays(std::numeric_limits<float>::infinity()));
  EXPECT_EQ(find_damaged_entries(list_entries(dir.path())).size(), 1U);
}

}  // namespace
}  // namespace vidclass::features
