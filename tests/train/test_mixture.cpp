#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "train/mixture.hpp"
#include "train/recipe.hpp"
#include "vidclass/error.hpp"

namespace vidclass::train {
namespace {

constexpr std::size_t clips_a_group = 4;

constexpr FrameFeatures with_motion{.poolings = 2};

bool knows_the_scene(const MemberDesign& design) {
  return std::find(design.transforms.begin(), design.transforms.end(), head::Transform::plain) !=
         design.transforms.end();
}

/// Two labels; the true one is always 0. `changes[group]` is what heads that see changes alone give
/// it in that group, `scene[group]` what the others do.
HeldOut held_out(const std::vector<float>& changes, const std::vector<float>& scene) {
  HeldOut made;
  made.designs = distinct_designs(with_motion);
  for (const MemberDesign& design : made.designs) {
    const auto& sure = knows_the_scene(design) ? scene : changes;
    Tensor probabilities(DType::f32, {sure.size() * clips_a_group, 2});
    auto value = probabilities.data<float>().begin();
    for (const float p : sure) {
      for (std::size_t clip = 0; clip < clips_a_group; ++clip) {
        *value++ = p;
        *value++ = 1 - p;
      }
    }
    made.probabilities.push_back(std::move(probabilities));
  }
  for (std::size_t group = 0; group < changes.size(); ++group) {
    made.labels.insert(made.labels.end(), clips_a_group, 0);
    made.groups.insert(made.groups.end(), clips_a_group, group);
  }
  return made;
}

/// Members of a `gru`, which takes a mixture's designs in turn, that know the scene.
int scene_members(Mixture mixture, const FrameFeatures& available) {
  const auto designs = member_designs(mixture, available);
  int count = 0;
  for (std::size_t i = 0; i < 6; ++i) count += knows_the_scene(designs[i % designs.size()]) ? 1 : 0;
  return count;
}

TEST(Mixtures, KnowTheSceneToDifferentDegrees) {
  for (const FrameFeatures& available : {FrameFeatures{}, with_motion, FrameFeatures{2, true}}) {
    EXPECT_EQ(scene_members(Mixture::motion, available), 0);
    EXPECT_EQ(scene_members(Mixture::balanced, available), 2);
    EXPECT_EQ(scene_members(Mixture::appearance, available), 4);
  }
}

TEST(Mixtures, HaveTwoGrusForEachClassifierOnMoments) {
  for (const Mixture mixture : all_mixtures) {
    const auto designs = member_designs(mixture, with_motion);
    const auto of_moments = std::count_if(designs.begin(), designs.end(), [](const auto& design) {
      return design.kind == head::HeadKind::moments;
    });
    EXPECT_EQ(3 * of_moments, static_cast<std::ptrdiff_t>(designs.size()));
  }
}

TEST(Mixtures, ReadNoMotionWithoutASecondPooling) {
  for (const MemberDesign& design : distinct_designs({})) {
    for (const head::Transform transform : design.transforms)
      EXPECT_FALSE(head::needs_motion(transform));
  }
}

TEST(Mixtures, ReadTheMiddleOnlyWhereThereIsOne) {
  for (const MemberDesign& design : distinct_designs({.poolings = 2, .middle = true})) {
    EXPECT_TRUE(
        std::any_of(design.transforms.begin(), design.transforms.end(), head::needs_middle));
  }
  for (const MemberDesign& design : distinct_designs(with_motion)) {
    EXPECT_TRUE(
        std::none_of(design.transforms.begin(), design.transforms.end(), head::needs_middle));
  }
}

TEST(Mixtures, AreKnownByName) {
  for (const Mixture mixture : all_mixtures) EXPECT_EQ(mixture_from(to_string(mixture)), mixture);
  EXPECT_THROW(static_cast<void>(mixture_from("sideways")), UsageError);
}

TEST(Mixtures, GiveTheRecipeItsMembers) {
  EXPECT_EQ(recipe_for(head::HeadKind::gru, with_motion, Mixture::appearance).designs,
            member_designs(Mixture::appearance, with_motion));
  EXPECT_EQ(recipe_for(head::HeadKind::gru, with_motion).designs,
            member_designs(Mixture::balanced, with_motion));
}

TEST(Mixtures, LeaveAHeadOfMomentsOneClassifierThatReadsAllThatTheyDo) {
  const Recipe recipe = recipe_for(head::HeadKind::moments, with_motion, Mixture::balanced);
  EXPECT_EQ(recipe.members, 1);
  EXPECT_EQ(recipe.designs.at(0).kind, head::HeadKind::moments);
  EXPECT_TRUE(knows_the_scene(recipe.designs.at(0)));
}

TEST(ChooseMixture, TakesSceneWhereTheSceneTellsInEveryGroup) {
  const auto choice =
      choose_mixture(held_out({.4F, .5F, .4F, .5F}, {.9F, .9F, .9F, .9F}), with_motion);
  EXPECT_EQ(choice.mixture, Mixture::appearance);
}

TEST(ChooseMixture, TakesChangesWhereTheSceneMisleadsInEveryGroup) {
  const auto choice =
      choose_mixture(held_out({.8F, .9F, .8F, .9F}, {.1F, .2F, .1F, .1F}), with_motion);
  EXPECT_EQ(choice.mixture, Mixture::motion);
}

TEST(ChooseMixture, KeepsToChangesWhereOneGroupAloneSpeaksForTheScene) {
  const auto choice = choose_mixture(
      held_out({.5F, .6F, .6F, .5F, .5F, .6F}, {.99F, .5F, .6F, .5F, .6F, .5F}), with_motion);
  EXPECT_LT(choice.loss[2], choice.loss[1]);
  EXPECT_EQ(choice.mixture, Mixture::motion);
}

TEST(ChooseMixture, KeepsToChangesWhereNothingTellsThemApart) {
  const auto choice = choose_mixture(held_out({.5F, .6F}, {.5F, .6F}), with_motion);
  EXPECT_EQ(choice.mixture, Mixture::motion);
}

TEST(ChooseMixture, TellsTheLossOfEachMixture) {
  const auto choice = choose_mixture(held_out({.5F, .5F}, {.5F, .5F}), with_motion);
  ASSERT_EQ(choice.loss.size(), std::size(all_mixtures));
  for (const double loss : choice.loss) EXPECT_NEAR(loss, 0.693147, 1e-5);
}

TEST(ChooseMixture, RefusesToChooseByNothing) {
  EXPECT_THROW(static_cast<void>(choose_mixture({}, with_motion)), Error);
}

}  // namespace
}  // namespace vidclass::train
