// Clips kept together by what the data says or by what they look like.
#include "pipeline/scenes.hpp"

#include <gtest/gtest.h>

#include <set>

#include "core/format.hpp"
#include "dataset/leaks.hpp"
#include "fixtures.hpp"
#include "support/footage.hpp"
#include "vidclass/error.hpp"

namespace vidclass::pipeline::testing {
namespace {

using dataset::Manifest;
using dataset::Split;
using vidclass::testing::film;

/// Two labels, and of each a clip in each of some places.
class Groupings : public ::testing::Test {
protected:
  Groupings() {
    manifest_.source = dir_.path();
    manifest_.labels = {"Rise", "Fall"};
  }
  void film_places(int places) {
    for (std::size_t label = 0; label < 2; ++label) {
      for (int place = 1; place <= places; ++place) {
        add(video_of(manifest_.labels[label], place), label);
      }
    }
  }
  void add(const fs::path& path, std::size_t label, Split split = Split::none) {
    dataset::Clip clip;
    clip.path = path;
    clip.label = label;
    clip.split = split;
    manifest_.clips.push_back(clip);
  }
  void group(Groups choice, bool find_recordings = false) {
    set_groups(manifest_, choice,
               {.cache_dir = dir_ / "cache", .threads = 2, .find_recordings = find_recordings},
               heard_.hooks());
  }
  [[nodiscard]] std::vector<std::string> groups() const {
    std::vector<std::string> names;
    for (const dataset::Clip& clip : manifest_.clips) names.push_back(clip.group);
    return names;
  }

  const TempDir dir_;
  Manifest manifest_;
  Heard heard_;
};

TEST_F(Groupings, AreFoundWhereTheDataGivesNone) {
  film_places(3);
  group(Groups::automatic);
  const std::vector<std::string> found = groups();
  for (std::size_t place = 0; place < 3; ++place) EXPECT_EQ(found[place], found[place + 3]);
  EXPECT_GT(std::set(found.begin(), found.end()).size(), 1U);
  EXPECT_TRUE(manifest_.found_groups);
  EXPECT_TRUE(vidclass::testing::any_has(heard_.infos, "are kept whole"));
}

TEST_F(Groupings, AreThoseOfTheDataWhereItGivesAny) {
  film_places(1);
  manifest_.clips[0].group = "mine";
  group(Groups::automatic);
  EXPECT_EQ(groups(), (std::vector<std::string>{"mine", ""}));
  EXPECT_FALSE(manifest_.found_groups);
}

TEST_F(Groupings, AreFoundAllTheSameWhereThatIsAskedFor) {
  film_places(1);
  manifest_.clips[0].group = "mine";
  group(Groups::found);
  EXPECT_EQ(groups(), (std::vector<std::string>{"scene-001", "scene-001"}));
}

TEST_F(Groupings, AreTakenAwayWhereThatIsAskedFor) {
  film_places(1);
  manifest_.clips[0].group = "mine";
  group(Groups::none);
  EXPECT_EQ(groups(), (std::vector<std::string>{"", ""}));
}

TEST_F(Groupings, HoldAClipThatCannotBeReadByItself) {
  film_places(1);
  add(put(dir_ / "broken.avi", "no video"), 0);
  group(Groups::found);
  EXPECT_EQ(groups()[0], groups()[1]);
  EXPECT_NE(groups()[2], groups()[0]);
}

TEST_F(Groupings, OfFeatureArraysCannotBeFound) {
  manifest_.content = dataset::Content::arrays;
  add(dir_ / "a.npy", 0);
  EXPECT_TRUE(has(message_of<UsageError>([&] { group(Groups::found); }), "feature arrays"));
  EXPECT_NO_THROW(group(Groups::automatic));
}

TEST_F(Groupings, AreWholeInMadeSplits) {
  film_places(6);
  group(Groups::found);
  make_splits(manifest_, {}, heard_.hooks());
  for (std::size_t place = 0; place < 6; ++place) {
    EXPECT_EQ(manifest_.clips[place].split, manifest_.clips[place + 6].split);
  }
  EXPECT_TRUE(heard_.warnings.empty());
}

TEST_F(Groupings, AreDividedWithAWarningWhereThereAreTooFew) {
  for (int moment = 1; moment <= 5; ++moment) {
    for (std::size_t label = 0; label < 2; ++label) {
      const fs::path path = dir_ / manifest_.labels[label] / (std::to_string(moment) + ".avi");
      add(film(path, {.moment = moment + 5 * static_cast<int>(label), .seconds = 1}), label);
    }
  }
  group(Groups::found);
  make_splits(manifest_, {}, heard_.hooks());
  EXPECT_TRUE(manifest_.has(Split::test));
  EXPECT_TRUE(heard_.warned_of("1 scene, too few or too large to keep whole"));
}

TEST_F(Groupings, LeakAcrossSplitsAsRecordings) {
  for (const double seconds : {1.0, 1.5}) {
    const Split split = seconds > 1 ? Split::test : Split::train;
    const fs::path path = dir_ / (seconds > 1 ? "long.avi" : "short.avi");
    add(film(path, {.seconds = seconds, .still = true}), 0, split);
    manifest_.clips.back().group = path.stem();
  }
  group(Groups::given, true);
  const auto leaks = dataset::find_leaks(manifest_, {"", ""}, {});
  ASSERT_EQ(leaks.size(), 1U);
  EXPECT_EQ(leaks[0].kind, dataset::LeakKind::recording);
  EXPECT_EQ(leaks[0].clips, (std::vector<std::size_t>{0, 1}));
}

/// Twelve groups of the data, of two clips of one label each.
class GivenGroups : public Groupings {
protected:
  GivenGroups() {
    for (std::size_t group = 0; group < 12; ++group) {
      for (const char* name : {"a", "b"}) {
        add(format("g{}{}.avi", group, name), group % 2);
        manifest_.clips.back().group = format("g{}", group);
      }
    }
  }
  void split() {
    pipeline::make_splits(manifest_, {.validation = 0.17, .test = 0.34}, heard_.hooks());
  }
};

TEST_F(GivenGroups, ThatShareARecordingAreKeptTogetherInMadeSplits) {
  // Groups 0 and 1, 2 and 3, ... of the two labels.
  for (std::size_t i = 0; i < manifest_.clips.size(); ++i) {
    manifest_.clips[i].recording = 1 + i / 4;
  }
  split();
  EXPECT_TRUE(dataset::find_leaks(manifest_, std::vector<std::string>(24), {}).empty());
  EXPECT_TRUE(manifest_.has(Split::test) && manifest_.has(Split::validation));
  EXPECT_EQ(manifest_.clips[2].group, "g1");
}

TEST_F(GivenGroups, ThatAllShareARecordingAreDividedAsTheDataHasThem) {
  for (dataset::Clip& clip : manifest_.clips) clip.recording = 1;
  split();
  EXPECT_TRUE(manifest_.has(Split::test) && manifest_.has(Split::validation));
  EXPECT_EQ(manifest_.clips[0].split, manifest_.clips[1].split);
}

TEST_F(Groupings, HaveANameForEachChoice) {
  for (const Groups choice : {Groups::automatic, Groups::given, Groups::found, Groups::none}) {
    EXPECT_EQ(groups_from(to_string(choice)), choice);
  }
  EXPECT_TRUE(has(message_of<UsageError>([] { static_cast<void>(groups_from("some")); }),
                  "choose auto, given, found or none"));
}

}  // namespace
}  // namespace vidclass::pipeline::testing
