// The bidirectional GRU: what it computes against OpenVINO's graph, its gradients against
// differences.
#include "train/gru_learner.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "head/runner.hpp"
#include "support/made_up_clips.hpp"
#include "train/dropout.hpp"
#include "train/member_training.hpp"

namespace vidclass::train {
namespace {

using head::HeadKind;
using head::HeadSpec;
using head::Transform;

constexpr std::size_t gru_width = 12;
constexpr std::size_t gru_labels = 3;

struct NamedSpec {
  std::string name;
  HeadSpec spec;
};

void PrintTo(const NamedSpec& named, std::ostream* out) { *out << named.name; }

std::vector<NamedSpec> all_specs() {
  const auto gru = [](std::vector<Transform> transforms) {
    HeadSpec spec = vidclass::testing::small_spec(HeadKind::gru, gru_width, gru_labels);
    spec.transforms = std::move(transforms);
    return spec;
  };
  const auto of_two_poolings = [](HeadSpec spec) {
    spec.features = gru_width / 2;
    spec.poolings = 2;
    return spec;
  };
  // Four values of the last map and two of the one in the middle, twice.
  const auto with_middle = [](HeadSpec spec) {
    spec.features = 4;
    spec.middle = 2;
    spec.poolings = 2;
    return spec;
  };
  return {{"PlainFeatures", gru({Transform::plain})},
          {"CentredFeatures", gru({Transform::centred})},
          {"Both", gru({Transform::plain, Transform::centred})},
          {"Motion", of_two_poolings(gru({Transform::motion, Transform::centred_motion}))},
          {"BothPoolings", of_two_poolings(gru({Transform::centred, Transform::centred_motion}))},
          {"Contrast", of_two_poolings(gru({Transform::contrast, Transform::plain}))},
          {"TheMiddle", with_middle(gru({Transform::motion, Transform::middle_centred_motion,
                                         Transform::middle_plain}))}};
}

class GruLearnerOf : public ::testing::TestWithParam<NamedSpec> {
protected:
  HeadSpec spec_ = GetParam().spec;
  vidclass::testing::MadeUpClips data_ =
      vidclass::testing::separable_clips(70, gru_labels, gru_width, 1);
};

TEST_P(GruLearnerOf, GivesTheSameProbabilitiesAsOpenVino) {
  Recipe recipe = recipe_for(HeadKind::gru);
  recipe.epochs = 4;
  MemberTraining training(spec_, recipe, data_, data_, 5);
  while (!training.finished()) training.step();

  const Tensor expected = training.probabilities(data_);
  head::HeadRunner runner({{spec_, training.parameters()}});
  const Tensor given = runner.probabilities(data_.clips);

  ASSERT_EQ(given.shape(), expected.shape());
  for (std::size_t i = 0; i < given.size(); ++i) {
    ASSERT_NEAR(given.data<float>()[i], expected.data<float>()[i], 1e-5)
        << "clip " << i / gru_labels << " of " << data_.clips[i / gru_labels].dim(0) << " frames";
  }
}

/// Of clips that tests may change.
class FeatureGradients : public ::testing::TestWithParam<NamedSpec> {
protected:
  void SetUp() override { learner_.prepare(data_); }

  [[nodiscard]] Batch batch() const {
    return make_batch(data_, std::vector<std::size_t>{0, 3, 8});  // of 1, 4 and 9 frames
  }
  /// The loss of the clips, whose dropout is always the same.
  double loss_of(const Batch& batch) {
    learner_.set_random_state(random_);
    return Loss{}.of(learner_.logits(batch, /*training=*/true), batch.labels).value;
  }

  vidclass::testing::MadeUpClips data_ =
      vidclass::testing::separable_clips(9, gru_labels, gru_width, 1);
  GruLearner learner_{GetParam().spec, recipe_for(HeadKind::gru), 5};
  Tensor random_ = learner_.random_state();
};

TEST_P(FeatureGradients, AreThoseThatDifferencesShow) {
  const Batch clips = batch();
  learner_.set_random_state(random_);
  const auto loss = Loss{}.of(learner_.logits(clips, /*training=*/true), clips.labels);
  learner_.backward(loss.gradient.data<float>());
  const std::vector<Tensor> gradients = learner_.feature_gradients();

  ASSERT_EQ(gradients.size(), clips.size());
  for (std::size_t clip = 0; clip < clips.size(); ++clip) {
    ASSERT_EQ(gradients[clip].shape(), clips.clips[clip]->shape());
    for (std::size_t i = 0; i < gradients[clip].size(); ++i) {
      constexpr float h = 1e-3F;
      const auto moved = [&](float by) {
        Batch other = clips;
        Tensor changed = *clips.clips[clip];
        changed.data<float>()[i] += by;
        other.clips[clip] = std::make_shared<const Tensor>(std::move(changed));
        return loss_of(other);
      };
      EXPECT_NEAR(gradients[clip].data<float>()[i],
                  (moved(h) - moved(-h)) / (2 * static_cast<double>(h)), 2e-4)
          << "clip " << clip << " at " << i;
    }
  }
}

const auto name_of_spec = [](const auto& tested) { return tested.param.name; };
INSTANTIATE_TEST_SUITE_P(EveryTransform, GruLearnerOf, ::testing::ValuesIn(all_specs()),
                         name_of_spec);
INSTANTIATE_TEST_SUITE_P(EveryTransform, FeatureGradients, ::testing::ValuesIn(all_specs()),
                         name_of_spec);

TEST(Dropout, LeavesOutTheShareAskedForAndKeepsTheMean) {
  std::vector<float> values(100'000, 1.0F);
  Random random(3);
  const std::vector<float> factors = drop(0.3, values, random);
  EXPECT_EQ(factors, values);
  const auto dropped = static_cast<double>(std::count(values.begin(), values.end(), 0.0F));
  EXPECT_NEAR(dropped / 1e5, 0.3, 0.01);
  EXPECT_NEAR(std::accumulate(values.begin(), values.end(), 0.0) / 1e5, 1, 0.01);
}

TEST(Dropout, OfNothingDrawsNoRandomNumber) {
  std::vector<float> values{1, 2, 3};
  Random random(3);
  EXPECT_EQ(drop(0, values, random), (std::vector<float>{1, 1, 1}));
  EXPECT_EQ(random.state(), Random(3).state());
}

}  // namespace
}  // namespace vidclass::train
