#include <gtest/gtest.h>

#include <vector>

#include "vidclass/core/error.hpp"
#include "vidclass/learn/mixture.hpp"
#include "vidclass/learn/recipe.hpp"

namespace vidclass::learn {
namespace {

constexpr std::size_t clips_a_group = 4;

/// Two labels; the true one is always 0. `sure[view][group]` is what the head of that view gives
/// it in that group.
HeldOut held_out(const std::vector<std::vector<float>>& sure) {
  HeldOut made;
  made.views = distinct_views(2);
  for (const auto& of_groups : sure) {
    Tensor probabilities(DType::f32, {of_groups.size() * clips_a_group, 2});
    auto value = probabilities.data<float>().begin();
    for (const float p : of_groups) {
      for (std::size_t clip = 0; clip < clips_a_group; ++clip) {
        *value++ = p;
        *value++ = 1 - p;
      }
    }
    made.probabilities.push_back(std::move(probabilities));
  }
  for (std::size_t group = 0; group < sure.at(0).size(); ++group) {
    made.labels.insert(made.labels.end(), clips_a_group, 0);
    made.groups.insert(made.groups.end(), clips_a_group, group);
  }
  return made;
}

TEST(Mixtures, WithMotionReadThreeDifferentViews) { EXPECT_EQ(distinct_views(2).size(), 3U); }

TEST(Mixtures, WithoutMotionReadTwoDifferentViewsAndNoMotion) {
  EXPECT_EQ(distinct_views(1).size(), 2U);
  for (const Views& views : distinct_views(1)) {
    for (const head::View view : views) EXPECT_FALSE(head::needs_motion(view));
  }
}

TEST(Mixtures, AreKnownByName) {
  for (const Mixture mixture : all_mixtures) EXPECT_EQ(mixture_from(to_string(mixture)), mixture);
  EXPECT_THROW(static_cast<void>(mixture_from("sideways")), UsageError);
}

TEST(Mixtures, GiveTheRecipeItsViews) {
  EXPECT_EQ(recipe_for(head::HeadKind::gru, 2, Mixture::scene).member_views,
            member_views(Mixture::scene, 2));
  EXPECT_EQ(recipe_for(head::HeadKind::gru, 2).member_views, member_views(Mixture::balanced, 2));
}

TEST(ChooseMixture, TakesSceneWhereTheSceneTellsInEveryGroup) {
  const auto choice = choose_mixture(
      held_out({{.4F, .5F, .4F, .5F}, {.4F, .4F, .5F, .5F}, {.9F, .9F, .9F, .9F}}), 2);
  EXPECT_EQ(choice.mixture, Mixture::scene);
}

TEST(ChooseMixture, TakesChangesWhereTheSceneMisleadsInEveryGroup) {
  const auto choice = choose_mixture(
      held_out({{.8F, .9F, .8F, .9F}, {.9F, .8F, .9F, .8F}, {.1F, .2F, .1F, .1F}}), 2);
  EXPECT_EQ(choice.mixture, Mixture::changes);
}

TEST(ChooseMixture, KeepsToChangesWhereOneGroupAloneSpeaksForTheScene) {
  const auto choice = choose_mixture(held_out({{.5F, .6F, .6F, .5F, .5F, .6F},
                                               {.6F, .5F, .6F, .5F, .5F, .6F},
                                               {.99F, .5F, .6F, .5F, .6F, .5F}}),
                                     2);
  EXPECT_LT(choice.loss[2], choice.loss[1]);
  EXPECT_EQ(choice.mixture, Mixture::changes);
}

TEST(ChooseMixture, KeepsToChangesWhereNothingTellsThemApart) {
  const auto choice = choose_mixture(held_out({{.5F, .6F}, {.5F, .6F}, {.5F, .6F}}), 2);
  EXPECT_EQ(choice.mixture, Mixture::changes);
}

TEST(ChooseMixture, TellsTheLossOfEachMixture) {
  const auto choice = choose_mixture(held_out({{.5F, .5F}, {.5F, .5F}, {.5F, .5F}}), 2);
  ASSERT_EQ(choice.loss.size(), std::size(all_mixtures));
  for (const double loss : choice.loss) EXPECT_NEAR(loss, 0.693147, 1e-5);
}

TEST(ChooseMixture, RefusesToChooseByNothing) {
  EXPECT_THROW(static_cast<void>(choose_mixture({}, 2)), Error);
}

}  // namespace
}  // namespace vidclass::learn
