#include "dataset/split.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>

#include "core/random.hpp"
#include "dataset/files.hpp"
#include "support/shared_data.hpp"

namespace vidclass::dataset {
namespace {

using testing::has;
using testing::message_of;

constexpr std::array all_splits = {Split::train, Split::validation, Split::test};

/// Classes that are each made of the group sizes given.
Manifest manifest_of(const std::vector<std::vector<std::size_t>>& group_sizes) {
  Manifest manifest;
  manifest.source = "made up";
  for (std::size_t label = 0; label < group_sizes.size(); ++label) {
    manifest.labels.push_back("class" + std::to_string(label));
    for (std::size_t group = 0; group < group_sizes[label].size(); ++group) {
      const std::string name =
          std::string(manifest.labels.back()).append("_g").append(std::to_string(group));
      for (std::size_t i = 0; i < group_sizes[label][group]; ++i) {
        manifest.clips.push_back({name + std::to_string(i), label, name, Split::none});
      }
    }
  }
  return manifest;
}

/// 2 to 8 classes of 1 to 30 groups of 1 to 6 clips.
Manifest random_manifest(std::uint64_t seed) {
  Random random(seed);
  std::vector<std::vector<std::size_t>> sizes(2 + random.below(7));
  for (auto& groups : sizes) {
    groups.resize(1 + random.below(30));
    for (std::size_t& size : groups) size = 1 + random.below(6);
  }
  return manifest_of(sizes);
}

std::vector<Split> splits_of(const Manifest& manifest) {
  std::vector<Split> splits;
  for (const Clip& clip : manifest.clips) splits.push_back(clip.split);
  return splits;
}

void expect_whole_groups(const Manifest& manifest) {
  std::map<std::string, std::set<Split>> groups;
  for (const Clip& clip : manifest.clips) {
    if (!clip.group.empty()) groups[clip.group].insert(clip.split);
  }
  for (const auto& [name, splits] : groups) EXPECT_EQ(splits.size(), 1U) << name;
}

std::map<Split, std::size_t> count_class(const Manifest& manifest, std::size_t label) {
  std::map<Split, std::size_t> counts;
  for (const Clip& clip : manifest.clips) counts[clip.split] += clip.label == label ? 1 : 0;
  return counts;
}

std::set<std::string> groups_of_class(const Manifest& manifest, std::size_t label) {
  std::set<std::string> groups;
  for (const Clip& clip : manifest.clips) {
    if (clip.label == label) groups.insert(clip.group.empty() ? clip.path.string() : clip.group);
  }
  return groups;
}

class MakeSplits : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(MakeSplits, GivesEveryClipASplit) {
  auto manifest = random_manifest(GetParam());
  make_splits(manifest);
  EXPECT_FALSE(manifest.has(Split::none));
}

TEST_P(MakeSplits, KeepsGroupsWhole) {
  auto manifest = random_manifest(GetParam());
  make_splits(manifest);
  expect_whole_groups(manifest);
}

TEST_P(MakeSplits, PutsEveryClassWithEnoughGroupsInEachSplit) {
  auto manifest = random_manifest(GetParam());
  make_splits(manifest);
  for (std::size_t label = 0; label < manifest.labels.size(); ++label) {
    if (groups_of_class(manifest, label).size() < 3) continue;
    auto counts = count_class(manifest, label);
    for (const Split split : all_splits) EXPECT_GT(counts[split], 0U) << label << to_string(split);
  }
}

TEST_P(MakeSplits, LetsEveryClassBeTrained) {
  auto manifest = random_manifest(GetParam());
  make_splits(manifest);
  for (std::size_t label = 0; label < manifest.labels.size(); ++label) {
    EXPECT_GT(count_class(manifest, label)[Split::train], 0U);
  }
}

TEST_P(MakeSplits, GivesTheSameForTheSameSeed) {
  auto one = random_manifest(GetParam());
  auto other = one;
  make_splits(one, {0.2, 0.2, 7});
  make_splits(other, {0.2, 0.2, 7});
  EXPECT_EQ(splits_of(one), splits_of(other));
}

TEST_P(MakeSplits, ComesAsNearToTheSharesAsGroupsAllow) {
  auto manifest = random_manifest(GetParam());
  make_splits(manifest, {0.2, 0.3, GetParam()});
  const std::map<Split, double> shares = {
      {Split::train, 0.5}, {Split::validation, 0.2}, {Split::test, 0.3}};
  for (std::size_t label = 0; label < manifest.labels.size(); ++label) {
    if (groups_of_class(manifest, label).size() < 10) continue;
    auto counts = count_class(manifest, label);
    const double clips =
        static_cast<double>(counts[Split::train] + counts[Split::validation] + counts[Split::test]);
    // Groups have up to six clips.
    for (const auto& [split, share] : shares) {
      EXPECT_NEAR(static_cast<double>(counts[split]), share * clips, 6)
          << label << to_string(split);
    }
  }
}

TEST_P(MakeSplits, DrawsValidationFromTrainOnly) {
  auto manifest = random_manifest(GetParam());
  Random random(GetParam());
  std::map<std::string, Split> given;
  for (Clip& clip : manifest.clips) {
    const Split chosen = random.below(3) == 0 ? Split::test : Split::train;
    clip.split = given.try_emplace(clip.group, chosen).first->second;
  }
  if (!manifest.has(Split::train) || !manifest.has(Split::test)) return;
  const auto before = splits_of(manifest);
  make_splits(manifest);
  for (std::size_t i = 0; i < before.size(); ++i) {
    EXPECT_EQ(before[i] == Split::test, manifest.clips[i].split == Split::test);
  }
  expect_whole_groups(manifest);
}

/// Scenes that show several classes each, as when all actions were filmed in
/// each of some places.
TEST_P(MakeSplits, BalancesGroupsThatSpanClasses) {
  Random random(GetParam());
  Manifest manifest;
  const std::size_t classes = 2 + random.below(6);
  for (std::size_t label = 0; label < classes; ++label)
    manifest.labels.push_back(std::to_string(label));
  for (std::size_t group = 0; group < 20; ++group) {
    for (std::size_t label = 0; label < classes; ++label) {
      const std::string name = "scene" + std::to_string(group);
      manifest.clips.push_back({name + "/" + std::to_string(label), label, name, Split::none});
    }
  }
  make_splits(manifest, {0.15, 0.15, GetParam()});
  expect_whole_groups(manifest);
  for (std::size_t label = 0; label < classes; ++label) {
    auto counts = count_class(manifest, label);
    EXPECT_EQ(counts[Split::train], 14U);
    EXPECT_EQ(counts[Split::validation], 3U);
    EXPECT_EQ(counts[Split::test], 3U);
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, MakeSplits, ::testing::Range<std::uint64_t>(0, 40));

TEST(MakeSplitsOnce, DiffersWithTheSeed) {
  auto one = manifest_of({std::vector<std::size_t>(30, 1), std::vector<std::size_t>(30, 1)});
  auto other = one;
  make_splits(one, {0.2, 0.2, 1});
  make_splits(other, {0.2, 0.2, 2});
  EXPECT_NE(splits_of(one), splits_of(other));
}

TEST(MakeSplitsOnce, DoesNotTakeTheTailOfAClass) {
  auto manifest = manifest_of({std::vector<std::size_t>(100, 1), std::vector<std::size_t>(100, 1)});
  make_splits(manifest);
  std::size_t in_tail = 0;
  for (std::size_t i = 70; i < 100; ++i) in_tail += manifest.clips[i].split != Split::train ? 1 : 0;
  EXPECT_GT(in_tail, 0U);
  EXPECT_LT(in_tail, 20U);
}

TEST(MakeSplitsOnce, RoundsNotTheSameWayInAllClasses) {
  auto manifest =
      manifest_of(std::vector<std::vector<std::size_t>>(20, std::vector<std::size_t>(10, 1)));
  make_splits(manifest);
  EXPECT_NEAR(static_cast<double>(manifest.indices(Split::validation).size()), 30, 2);
  EXPECT_NEAR(static_cast<double>(manifest.indices(Split::test).size()), 30, 2);
}

TEST(MakeSplitsOnce, TakesClipsWithoutAGroupOneByOne) {
  auto manifest = manifest_of({{20}, {20}});
  for (Clip& clip : manifest.clips) clip.group.clear();
  make_splits(manifest);
  for (std::size_t label = 0; label < 2; ++label) {
    EXPECT_EQ(count_class(manifest, label)[Split::train], 14U);
    EXPECT_EQ(count_class(manifest, label)[Split::test], 3U);
  }
}

TEST(MakeSplitsOnce, PutsThreeGroupsOfAClassIntoThreeSplits) {
  auto manifest = manifest_of({{1, 1, 1}, {5, 1, 9}});
  make_splits(manifest);
  for (const Split split : all_splits) {
    EXPECT_GT(count_class(manifest, 0)[split], 0U);
    EXPECT_GT(count_class(manifest, 1)[split], 0U);
  }
}

TEST(MakeSplitsOnce, TrainsOnTheOnlyGroupOfAClass) {
  auto manifest = manifest_of({{4}, {3}});
  make_splits(manifest);
  EXPECT_EQ(manifest.indices(Split::train).size(), 7U);
}

TEST(MakeSplitsOnce, MakesNoSplitWithoutAShare) {
  auto manifest = manifest_of({{1, 1, 1, 1}, {1, 1, 1, 1}});
  make_splits(manifest, {0, 0.25, 1});
  EXPECT_FALSE(manifest.has(Split::validation));
  EXPECT_EQ(manifest.indices(Split::test).size(), 2U);
}

TEST(MakeSplitsOnce, LeavesACompleteSplitAlone) {
  auto manifest = manifest_of({{2, 2, 2}, {2, 2, 2}});
  for (std::size_t i = 0; i < manifest.clips.size(); ++i)
    manifest.clips[i].split = all_splits.at(i % 3);
  const auto before = splits_of(manifest);
  make_splits(manifest);
  EXPECT_EQ(splits_of(manifest), before);
}

TEST(MakeSplitsOnce, DoesNotTouchAGroupOnBothSidesOfGivenSplits) {
  auto manifest = manifest_of({{4, 4}, {4, 4}});
  for (std::size_t i = 0; i < manifest.clips.size(); ++i) {
    manifest.clips[i].split = i % 4 == 0   ? Split::test
                              : i % 4 == 1 ? Split::validation
                                           : Split::train;
  }
  const auto before = splits_of(manifest);
  make_splits(manifest);
  EXPECT_EQ(splits_of(manifest), before);
}

TEST(MakeSplitsOnce, LetsClipsFollowTheGivenSplitOfTheirGroup) {
  auto manifest = manifest_of({{2, 2, 2, 2}, {2, 2, 2, 2}});
  manifest.clips[0].split = Split::test;
  make_splits(manifest);
  EXPECT_EQ(manifest.clips[1].split, Split::test);
  EXPECT_EQ(manifest.indices(Split::test).size(), 2U);
  EXPECT_TRUE(manifest.has(Split::train));
  EXPECT_TRUE(manifest.has(Split::validation));
}

TEST(MakeSplitsOnce, RefusesToLeaveNothingToTrainOn) {
  auto manifest = manifest_of({{2}, {2}});
  for (Clip& clip : manifest.clips) clip.split = Split::test;
  EXPECT_TRUE(has(message_of<Error>([&] { make_splits(manifest); }), "nothing to train on"));
}

TEST(MakeSplitsOnce, RefusesAManifestWithoutClips) {
  Manifest manifest;
  EXPECT_TRUE(has(message_of<Error>([&] { make_splits(manifest); }), "no clips to split"));
}

TEST(MakeSplitsOnce, RefusesSharesOutOfRange) {
  auto manifest = manifest_of({{2}, {2}});
  for (const auto& [validation, test] : std::vector<std::pair<double, double>>{
           {-0.1, 0.1}, {0.5, 0.5}, {0.1, 1.0}, {std::nan(""), 0.1}}) {
    EXPECT_THROW(make_splits(manifest, {validation, test, 1}), UsageError)
        << validation << ' ' << test;
  }
}

TEST(MakeSplitsOnce, TrainsOnEveryClassWhereGroupsAllowNoMore) {
  // The Fano plane: seven groups, each with clips of three of seven classes. In
  // no way can all classes be in all three splits.
  Manifest manifest;
  for (std::size_t label = 0; label < 7; ++label) {
    manifest.labels.push_back(std::to_string(label));
    for (const std::size_t offset : {0, 1, 3}) {
      manifest.clips.push_back({"clip", label,
                                std::string("g").append(std::to_string((label + offset) % 7)),
                                Split::none});
    }
  }
  make_splits(manifest);
  expect_whole_groups(manifest);
  for (std::size_t label = 0; label < 7; ++label)
    EXPECT_GT(count_class(manifest, label)[Split::train], 0U);
}

TEST(MakeSplitsOnce, IsQuickForManyClips) {
  auto manifest =
      manifest_of(std::vector<std::vector<std::size_t>>(101, std::vector<std::size_t>(130, 1)));
  for (Clip& clip : manifest.clips) clip.group.clear();
  make_splits(manifest);
  EXPECT_NEAR(static_cast<double>(manifest.indices(Split::test).size()), 0.15 * 13130, 30);
}

TEST(MakeSplitsOnce, DrawsValidationOfUcf101FromWholeGroups) {
  VIDCLASS_NEED_SHARED_DATA();
  auto manifest = open(testing::shared_data() / "ucf101");
  const auto test = manifest.indices(Split::test);
  make_splits(manifest);
  EXPECT_EQ(manifest.indices(Split::test), test);
  expect_whole_groups(manifest);
  EXPECT_GT(count_class(manifest, 0)[Split::validation], 0U);
  EXPECT_GT(count_class(manifest, 1)[Split::validation], 0U);
}

TEST(SplitShares, AreReadAsTrainValidationTest) {
  const SplitOptions options = split_shares_from("60/15/25");
  EXPECT_DOUBLE_EQ(options.validation, 0.15);
  EXPECT_DOUBLE_EQ(options.test, 0.25);
}

TEST(SplitShares, AreReadAsTrainAndTest) {
  const SplitOptions options = split_shares_from(" 80 / 20 ");
  EXPECT_DOUBLE_EQ(options.test, 0.2);
  EXPECT_DOUBLE_EQ(options.validation, 0.15 * 0.8);
}

TEST(SplitShares, NeedNotAddUpToAHundred) {
  EXPECT_DOUBLE_EQ(split_shares_from("0.7/0.1/0.2").test, 0.2);
  EXPECT_DOUBLE_EQ(split_shares_from("6/2/2").test, 0.2);
}

TEST(SplitShares, ThatAreNotUnderstoodAreNamed) {
  for (const char* text : {"", "70", "70/", "/30", "0/50/50", "70/-10/40", "a/b", "1/2/3/4",
                           "70/30/", "nan/1", "70 30", "1e999/1"}) {
    EXPECT_THROW((void)split_shares_from(text), UsageError) << text;
  }
  EXPECT_TRUE(has(message_of<UsageError>([] { (void)split_shares_from("7:3"); }),
                  "the split \"7:3\" is not understood: use train/val/test as in 70/15/15"));
}

class Folds : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(Folds, TestEveryClipOnce) {
  const auto whole = random_manifest(GetParam());
  std::vector<int> tested(whole.clips.size());
  for (int number = 1; number <= 2; ++number) {
    auto manifest = whole;
    make_splits(manifest, {.seed = GetParam(), .fold = Fold{number, 2}});
    expect_whole_groups(manifest);
    for (const std::size_t i : manifest.indices(Split::test)) ++tested[i];
    EXPECT_TRUE(manifest.indices(Split::none).empty());
  }
  EXPECT_TRUE(std::all_of(tested.begin(), tested.end(), [](int times) { return times == 1; }));
}

INSTANTIATE_TEST_SUITE_P(Seeds, Folds, ::testing::Range<std::uint64_t>(0, 20));

TEST(FoldsOnce, TakeTheirShareOfEveryClass) {
  auto manifest = manifest_of({{1, 1, 1, 1, 1, 1, 1, 1, 1, 1}, {1, 1, 1, 1, 1}});
  make_splits(manifest, {.fold = Fold{3, 5}});
  EXPECT_EQ(count_class(manifest, 0)[Split::test], 2U);
  EXPECT_EQ(count_class(manifest, 1)[Split::test], 1U);
}

TEST(FoldsOnce, AreRefusedOutOfRange) {
  auto manifest = manifest_of({{1, 1}, {1, 1}});
  for (const Fold fold : {Fold{0, 2}, Fold{3, 2}, Fold{1, 1}}) {
    EXPECT_THROW(make_splits(manifest, {.fold = fold}), UsageError);
  }
}

TEST(FoldsOnce, AreRefusedWhereGroupsAreTooFew) {
  auto manifest = manifest_of({{4}, {4}});
  EXPECT_TRUE(has(message_of<UsageError>([&] {
                    make_splits(manifest, {.fold = Fold{1, 3}});
                  }),
                  "2 groups of clips, too few for 3 folds"));
}

TEST(FoldsOnce, AreRefusedForDataThatGivesSplits) {
  auto manifest = manifest_of({{1, 1}, {1, 1}});
  manifest.clips[0].split = Split::test;
  EXPECT_TRUE(has(message_of<UsageError>([&] {
                    make_splits(manifest, {.fold = Fold{1, 2}});
                  }),
                  "gives splits"));
}

TEST(MakeSplitsOnce, MakesATestSetOfTrainWhereNoneIsGiven) {
  auto manifest = manifest_of({std::vector<std::size_t>(20, 1), std::vector<std::size_t>(20, 1)});
  for (std::size_t i = 0; i < manifest.clips.size(); ++i) {
    manifest.clips[i].split = i % 4 == 0 ? Split::validation : Split::train;
  }
  const auto given = manifest;
  make_splits(manifest, {.validation = 0.2, .test = 0.2});
  EXPECT_EQ(manifest.indices(Split::validation), given.indices(Split::validation));
  EXPECT_EQ(manifest.indices(Split::test).size(), 6U);
}

TEST(MakeSplitsOnce, MakesNoTestSetWhereNoneIsAskedFor) {
  auto manifest = manifest_of({{1, 1}, {1, 1}});
  for (Clip& clip : manifest.clips) clip.split = Split::train;
  manifest.clips[0].split = Split::validation;
  make_splits(manifest, {.validation = 0.2, .test = 0});
  EXPECT_FALSE(manifest.has(Split::test));
}

TEST(RequiredSplits, TellHowManyClipsWouldDo) {
  Manifest manifest;
  manifest.source = "data";
  manifest.labels = {"jump", "run"};
  manifest.clips = {{"a.mp4", 0, ""}, {"b.mp4", 1, ""}};
  make_splits(manifest);
  const auto what = testing::message_of<Error>([&] {
    require_splits(manifest, {Split::train, Split::validation, Split::test}, {});
  });
  EXPECT_TRUE(testing::has(what, "data has too few clips to go on: 2 clips of 2 classes")) << what;
  EXPECT_TRUE(testing::has(what, "at least 3 clips a class are needed")) << what;
}

TEST(RequiredSplits, TellThatTheSharesLeaveOneNothing) {
  Manifest manifest;
  manifest.labels = {"jump", "run"};
  for (std::size_t i = 0; i < 16; ++i) manifest.clips.push_back({std::to_string(i), i % 2, ""});
  const SplitOptions all = split_shares_from("100/0/0");
  make_splits(manifest, all);
  const auto what = testing::message_of<Error>([&] {
    require_splits(manifest, {Split::train, Split::validation}, all);
  });
  EXPECT_TRUE(testing::has(what, "the shares leave \"val\" nothing")) << what;
}

TEST(RequiredSplits, NeedTwoLabelsToTrainOn) {
  Manifest manifest;
  manifest.labels = {"jump", "run"};
  manifest.clips = {{"a.mp4", 0, "", Split::train}, {"b.mp4", 1, "", Split::validation}};
  EXPECT_THROW(require_splits(manifest, {Split::train, Split::validation}, {}), Error);
}

TEST(RequiredSplits, MayHaveOneClipOfALabelEach) {
  Manifest manifest;
  manifest.labels = {"jump", "run"};
  manifest.clips = {{"a.mp4", 0, "", Split::train},
                    {"b.mp4", 1, "", Split::train},
                    {"c.mp4", 1, "", Split::validation}};
  EXPECT_NO_THROW(require_splits(manifest, {Split::train, Split::validation}, {}));
}

}  // namespace
}  // namespace vidclass::dataset
