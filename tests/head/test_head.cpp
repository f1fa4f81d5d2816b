#include "head/head.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "support/head_fixtures.hpp"
#include "vidclass/error.hpp"

namespace vidclass::head {
namespace {

using testing::made_up_head;

TEST(KerasGruHead, HasTheParameterCountOfTheKerasExampleForSevenLabels) {
  EXPECT_EQ(parameter_count({.kind = HeadKind::keras_gru, .features = 2048, .labels = 7}), 99'927U);
}

TEST(HeadKindNames, ReadBackAsThemselves) {
  for (const auto kind : {HeadKind::mean, HeadKind::keras_gru, HeadKind::gru, HeadKind::moments}) {
    EXPECT_EQ(head_kind_from(to_string(kind)), kind);
  }
}

TEST(HeadKindNames, AnUnknownOneNamesTheChoices) {
  try {
    (void)head_kind_from("lstm");
    FAIL() << "no exception";
  } catch (const UsageError& error) {
    EXPECT_STREQ(error.what(), "unknown head \"lstm\": choose gru, moments, keras-gru or mean");
  }
}

TEST(ViewNames, ReadBackAsThemselves) {
  for (const auto transform : {Transform::plain, Transform::centred, Transform::motion,
                               Transform::centred_motion, Transform::contrast}) {
    EXPECT_EQ(transform_from(to_string(transform)), transform);
    EXPECT_EQ(transform_from(to_string(in_the_middle(transform))), in_the_middle(transform));
  }
}

TEST(ViewsOfTheMiddle, AreOfTheSameKindAsThoseOfTheEnd) {
  for (const auto transform : {Transform::plain, Transform::centred, Transform::motion,
                               Transform::centred_motion, Transform::contrast}) {
    const Transform middle = in_the_middle(transform);
    EXPECT_TRUE(needs_middle(middle));
    EXPECT_FALSE(needs_middle(transform));
    EXPECT_EQ(needs_motion(middle), needs_motion(transform));
    EXPECT_EQ(is_centred(middle), is_centred(transform));
  }
}

class HeadCheck : public ::testing::Test {
protected:
  Head head_ = made_up_head(
      {.kind = HeadKind::gru, .features = 6, .labels = 3, .projection = 4, .hidden = 5});
  void expect_error(const std::string& text) {
    try {
      check(head_);
      FAIL() << "no exception";
    } catch (const Error& error) {
      EXPECT_EQ(error.what(), text);
    }
  }
};

TEST_F(HeadCheck, AWholeHeadPasses) { EXPECT_NO_THROW(check(head_)); }

TEST_F(HeadCheck, AMissingParameterIsNamed) {
  head_.parameters.erase("backward/bias");
  expect_error("the parameter backward/bias is missing");
}

TEST_F(HeadCheck, ASuperfluousParameterIsNamed) {
  head_.parameters.emplace("extra", Tensor(DType::f32, {1}));
  expect_error("the parameter extra does not belong to a gru head");
}

TEST_F(HeadCheck, AWrongShapeIsNamed) {
  head_.parameters.at("classifier/bias") = Tensor(DType::f32, {4});
  expect_error("the parameter classifier/bias is F32 [4] instead of F32 [3]");
}

TEST_F(HeadCheck, AValueThatIsNotFiniteIsNamed) {
  head_.parameters.at("norm/scale").data<float>()[2] = std::numeric_limits<float>::quiet_NaN();
  expect_error("the parameter norm/scale holds values that are not finite");
}

TEST_F(HeadCheck, OneLabelIsTooFew) {
  head_.spec.labels = 1;
  EXPECT_THROW(check(head_), Error);
}

HeadSpec along_axes() {
  return {.kind = HeadKind::moments,
          .features = 6,
          .middle = 4,
          .labels = 2,
          .transforms = {Transform::plain, Transform::middle_plain},
          .axes = 3,
          .middle_axes = 2};
}

TEST(HeadAlongAxes, ReadsAsManyValuesAsThereAreAxes) { EXPECT_EQ(values_read(along_axes()), 5U); }

TEST(HeadAlongAxes, IsWholeWithTheAxesOfBothMaps) {
  EXPECT_NO_THROW(check(vidclass::testing::made_up_head(along_axes())));
}

TEST(HeadAlongAxes, DoesNotCountThemAsTrained) {
  EXPECT_EQ(parameter_count(along_axes()), 5U * 2 + 2);
}

TEST(HeadAlongAxes, OfOneMapOfTwoIsRefused) {
  HeadSpec spec = along_axes();
  spec.middle_axes = 0;
  EXPECT_THROW(check(vidclass::testing::made_up_head(spec)), Error);
}

TEST(HeadAlongAxes, OfMoreThanThereAreFeaturesIsRefused) {
  HeadSpec spec = along_axes();
  spec.axes = 7;
  EXPECT_THROW(check(vidclass::testing::made_up_head(spec)), Error);
}

TEST(HeadAlongAxes, OfAKindThatReadsFeaturesAloneIsRefused) {
  HeadSpec spec = along_axes();
  spec.kind = HeadKind::mean;
  EXPECT_THROW(check(vidclass::testing::made_up_head(spec)), Error);
}

}  // namespace
}  // namespace vidclass::head
