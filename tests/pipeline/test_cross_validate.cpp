// Training with a part of the clips left out, and what is chosen by that.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "fixtures.hpp"
#include "pipeline/choose_ensemble.hpp"
#include "pipeline/cross_validate.hpp"
#include "vidclass/error.hpp"

namespace vidclass::pipeline::testing {
namespace {

using dataset::Split;

/// Eight groups of two clips, two of them to validate with.
class Gathered : public ::testing::Test {
protected:
  explicit Gathered(int groups = 8) {
    manifest_ = open_data({.data = ArraySet::of_groups(dir_ / "a", groups)});
    for (std::size_t i = 0; i < manifest_.clips.size(); ++i) {
      manifest_.clips[i].split = i < 4 ? Split::validation : Split::train;
    }
    features_ = gather_features(manifest_, {Split::train, Split::validation},
                                mini_features(dir_ / "cache"), false, 1'000'000, {});
  }

  const TempDir dir_;
  dataset::Manifest manifest_;
  DataFeatures features_;
};

class Folds : public Gathered {
protected:
  /// Indices into Manifest::clips.
  [[nodiscard]] std::vector<std::size_t> left_out_of(const TrainingData& part) const {
    const std::vector<std::size_t> clips = clips_to_train_with(features_);
    std::vector<std::size_t> left_out;
    for (const std::size_t clip : part.part.outside) left_out.push_back(clips.at(clip));
    return left_out;
  }

  [[nodiscard]] Scores score(int folds, const CancellationToken& cancel = {}) const {
    return cross_validate(
        make_folds(manifest_, features_, folds, 1), features_, 2,
        [&](int part) {
          asked_.push_back(part);
          train::TrainOptions options;
          options.spec.kind = head::HeadKind::mean;
          options.epochs = 2;
          return options;
        },
        [&](int) { return train::TrainHooks{.cancel = cancel}; });
  }
  mutable std::vector<int> asked_;
};

TEST_F(Folds, LeaveEachClipOutOnce) {
  std::multiset<std::size_t> left_out;
  for (const TrainingData& part : make_folds(manifest_, features_, 4, 1)) {
    const std::vector<std::size_t> of_part = left_out_of(part);
    left_out.insert(of_part.begin(), of_part.end());
  }
  std::multiset<std::size_t> all;
  for (std::size_t i = 0; i < manifest_.clips.size(); ++i) all.insert(i);
  EXPECT_EQ(left_out, all);
}

TEST_F(Folds, KeepGroupsWhole) {
  std::map<std::string, std::set<std::size_t>> parts_of_group;
  std::size_t number = 0;
  for (const TrainingData& part : make_folds(manifest_, features_, 3, 1)) {
    for (const std::size_t clip : left_out_of(part)) {
      parts_of_group[manifest_.clips[clip].group].insert(number);
    }
    ++number;
  }
  for (const auto& [group, parts] : parts_of_group) EXPECT_EQ(parts.size(), 1U) << group;
}

TEST_F(Folds, TrainOnAllTheOthers) {
  for (const TrainingData& part : make_folds(manifest_, features_, 3, 1)) {
    EXPECT_EQ(part.train.size() + part.validation.size(), manifest_.clips.size());
  }
}

TEST_F(Folds, KnowTheLabelsOfWhatIsLeftOut) {
  for (const TrainingData& part : make_folds(manifest_, features_, 3, 1)) {
    const std::vector<std::size_t> left_out = left_out_of(part);
    for (std::size_t i = 0; i < left_out.size(); ++i) {
      EXPECT_EQ(part.validation.labels.at(i), manifest_.clips[left_out[i]].label);
    }
  }
}

TEST_F(Folds, AreTheSameForASeed) {
  EXPECT_EQ(make_folds(manifest_, features_, 3, 5).at(0).part.outside,
            make_folds(manifest_, features_, 3, 5).at(0).part.outside);
}

TEST_F(Folds, AreAtMostAsManyAsGroups) {
  const auto message =
      message_of<UsageError>([&] { (void)make_folds(manifest_, features_, 9, 1); });
  EXPECT_TRUE(has(message, "cannot make 9 folds of 8 groups")) << message;
}

TEST_F(Folds, AreTwoAtLeast) {
  EXPECT_THROW((void)make_folds(manifest_, features_, 1, 1), UsageError);
}

TEST_F(Folds, HaveAScoreEach) {
  const Scores scores = score(4);
  EXPECT_EQ(scores.top1.size(), 4U);
  EXPECT_EQ(scores.loss.size(), 4U);
}

TEST_F(Folds, AreCountedFromOne) {
  (void)score(3);
  EXPECT_EQ(asked_, (std::vector<int>{1, 2, 3}));
}

TEST_F(Folds, AreNotTrainedOnceCancelled) {
  EXPECT_THROW((void)score(3, cancelled().cancel), Cancelled);
}

class ChosenEnsemble : public Gathered {
protected:
  explicit ChosenEnsemble(int groups = 8) : Gathered(groups) { options_.epochs = 2; }

  [[nodiscard]] model::EnsembleRecord choose(const Hooks& hooks = {}) const {
    return choose_ensemble(manifest_, features_, options_, hooks).record;
  }
  train::TrainOptions options_;
};

TEST_F(ChosenEnsemble, IsChosenOnThreeFoldsOfAllGroups) {
  const auto chosen = choose();
  EXPECT_EQ(chosen.folds, 3);
  EXPECT_EQ(chosen.groups, 8U);
}

TEST_F(ChosenEnsemble, KnowsTheLossOfEachMixture) {
  const auto chosen = choose();
  ASSERT_EQ(chosen.loss.size(), std::size(train::all_mixtures));
  for (const auto& [mixture, loss] : chosen.loss) EXPECT_GT(loss, 0);
}

TEST_F(ChosenEnsemble, KeepsWhatItsHeadsSayOfEachClipLeftOut) {
  const LeftOutAnswers left_out = choose_ensemble(manifest_, features_, options_, {}).left_out;
  EXPECT_EQ(left_out.probabilities.shape(), (Shape{manifest_.clips.size(), 2}));
  EXPECT_EQ(left_out.labels.size(), manifest_.clips.size());
  EXPECT_EQ(left_out.groups.size(), manifest_.clips.size());
}

TEST_F(ChosenEnsemble, HasNoReasonWhereItWasChosen) { EXPECT_EQ(choose().reason, ""); }

TEST_F(ChosenEnsemble, NamesItsStage) {
  Heard heard;
  (void)choose(heard.hooks());
  EXPECT_EQ(heard.stages, std::vector<std::string>{"choose ensemble"});
}

TEST_F(ChosenEnsemble, IsNotChosenOnceCancelled) {
  EXPECT_THROW((void)choose(cancelled()), Cancelled);
}

TEST_F(ChosenEnsemble, StaysBalancedWhereGroupsAreNotKnown) {
  manifest_.clips[5].group = "";
  const auto chosen = choose();
  EXPECT_EQ(chosen.mixture, train::Mixture::balanced);
  EXPECT_EQ(chosen.reason, "the clips' groups (scenes, persons) are not known");
}

class EnsembleOfFiveGroups : public ChosenEnsemble {
protected:
  EnsembleOfFiveGroups() : ChosenEnsemble(5) {}
};

TEST_F(EnsembleOfFiveGroups, StaysBalanced) {
  EXPECT_EQ(choose().mixture, train::Mixture::balanced);
}

TEST_F(EnsembleOfFiveGroups, SaysWhy) {
  EXPECT_EQ(choose().reason, "5 groups are too few to choose by");
}

TEST_F(EnsembleOfFiveGroups, TrainsNothing) {
  Heard heard;
  (void)choose(heard.hooks());
  EXPECT_TRUE(heard.stages.empty());
}

class EnsembleOfSixGroups : public ChosenEnsemble {
protected:
  EnsembleOfSixGroups() : ChosenEnsemble(6) {}
};

TEST_F(EnsembleOfSixGroups, IsChosen) { EXPECT_EQ(choose().reason, ""); }

}  // namespace
}  // namespace vidclass::pipeline::testing
