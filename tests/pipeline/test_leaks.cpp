// Leaks across splits, told and refused alike by all that trains and tests.
#include <gtest/gtest.h>

#include "fixtures.hpp"
#include "pipeline/leaks.hpp"
#include "vidclass/error.hpp"

namespace vidclass::pipeline::testing {
namespace {

using dataset::Leak;
using dataset::LeakKind;
using dataset::Split;

Leak leak_of(std::vector<std::size_t> clips, LeakKind kind = LeakKind::same_content) {
  Leak leak;
  leak.kind = kind;
  leak.clips = std::move(clips);
  return leak;
}

/// Clips 0 and 1 to train, 2 to validate, 3 and 4 to test with.
class ToldLeaks : public ::testing::Test {
protected:
  ToldLeaks() {
    for (const Split split :
         {Split::train, Split::train, Split::validation, Split::test, Split::test}) {
      manifest_.clips.push_back({.path = "clip", .group = "", .split = split});
    }
  }
  [[nodiscard]] std::string sentence(std::vector<Leak> leaks) const {
    return leak_sentence(leaks, manifest_);
  }

  dataset::Manifest manifest_;
  Heard heard_;
};

TEST_F(ToldLeaks, AreCountedByKind) {
  EXPECT_EQ(kinds_of({leak_of({0, 3}, LeakKind::group), leak_of({1, 3}, LeakKind::near_duplicate)}),
            "0 of the same content, 1 near duplicate, 1 divided group, 0 recordings");
}

TEST_F(ToldLeaks, AreNothingWhereThereAreNone) { EXPECT_EQ(sentence({}), ""); }

TEST_F(ToldLeaks, CountTestClips) {
  EXPECT_TRUE(sentence({leak_of({0, 3, 4})}).starts_with("2 of 2 test clips leak"));
}

TEST_F(ToldLeaks, CountAClipOnceThatLeaksTwice) {
  EXPECT_TRUE(sentence({leak_of({0, 3}), leak_of({1, 3})}).starts_with("1 of 2 test clips leak"));
}

TEST_F(ToldLeaks, CountValidationClipsThatAreTrainedOn) {
  EXPECT_TRUE(sentence({leak_of({0, 2})}).starts_with("1 of 1 val clips leak"));
}

TEST_F(ToldLeaks, BlameTheTestClipsWhereValidationClipsAreTested) {
  EXPECT_TRUE(sentence({leak_of({2, 3})}).starts_with("1 of 2 test clips leak"));
}

TEST_F(ToldLeaks, NameBothSplits) {
  EXPECT_TRUE(
      sentence({leak_of({0, 2, 3})}).starts_with("1 of 2 test clips and 1 of 1 val clips leak"));
}

TEST_F(ToldLeaks, AreAWarning) {
  tell_leaks({leak_of({0, 3})}, manifest_, false, heard_.hooks());
  EXPECT_EQ(heard_.warnings.size(), 1U);
}

TEST_F(ToldLeaks, AreAnErrorWhereTheyAreRefused) {
  EXPECT_THROW(tell_leaks({leak_of({0, 3})}, manifest_, true, {}), Error);
}

TEST_F(ToldLeaks, AreNoErrorWhereThereAreNone) {
  EXPECT_NO_THROW(tell_leaks({}, manifest_, true, {}));
}

class KnownLeaks : public ::testing::Test {
protected:
  KnownLeaks() {
    ArraySet set(dir_ / "a");
    set.add_copy(set.add(0, "", "train"), 0, "val");
    set.add(1, "", "test");
    manifest_ = open_data({.data = set.csv()});
  }
  [[nodiscard]] std::vector<Leak> find(std::optional<Split> split, const Hooks& hooks = {}) const {
    return find_known_leaks(manifest_, split, dir_ / "cache", 1, hooks);
  }

  const TempDir dir_;
  dataset::Manifest manifest_;
};

TEST_F(KnownLeaks, AreFoundByContent) { EXPECT_EQ(find({}).size(), 1U); }

TEST_F(KnownLeaks, AreThoseIntoTheSplitThatIsAskedFor) {
  EXPECT_EQ(find(Split::validation).size(), 1U);
  EXPECT_EQ(find(Split::test).size(), 0U);
}

TEST_F(KnownLeaks, AreNotLookedForOnceCancelled) {
  EXPECT_THROW((void)find({}, cancelled()), Cancelled);
}

}  // namespace
}  // namespace vidclass::pipeline::testing
