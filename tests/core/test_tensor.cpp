#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "vidclass/error.hpp"
#include "vidclass/tensor.hpp"

namespace vidclass {
namespace {

Tensor example() { return Tensor::from<float>({2, 3}, std::vector<float>{1, 2, 3, 4, 5, 6}); }

TEST(Tensor, MadeWithoutArgumentsIsEmpty) {
  EXPECT_TRUE(Tensor().empty());
  EXPECT_EQ(Tensor().size(), 0U);
}

TEST(Tensor, StartsAtZero) {
  const Tensor tensor(DType::i32, {4});
  for (const auto value : tensor.data<std::int32_t>()) EXPECT_EQ(value, 0);
}

TEST(Tensor, UninitializedHasItsShapeAndTakesValues) {
  Tensor tensor = Tensor::uninitialized(DType::u8, {2, 3});
  EXPECT_EQ(tensor.shape(), (Shape{2, 3}));
  EXPECT_EQ(tensor.size(), 6U);
  for (std::uint8_t& value : tensor.data<std::uint8_t>()) value = 7;
  EXPECT_EQ(tensor.data<std::uint8_t>()[5], 7);
}

TEST(Tensor, WithoutDimensionsHoldsOneElement) { EXPECT_EQ(Tensor(DType::f64, {}).size(), 1U); }

TEST(Tensor, WithADimensionOfZeroHoldsNothing) { EXPECT_EQ(Tensor(DType::f64, {3, 0}).size(), 0U); }

TEST(Tensor, KnowsItsShape) {
  EXPECT_EQ(example().shape(), (Shape{2, 3}));
  EXPECT_EQ(example().rank(), 2U);
  EXPECT_EQ(example().dim(1), 3U);
}

TEST(Tensor, IsRowMajor) { EXPECT_EQ(example().data<float>()[1 * 3 + 2], 6); }

TEST(Tensor, HasNoDimensionBeyondItsRank) { EXPECT_THROW((void)example().dim(2), Error); }

TEST(Tensor, IsNotReadAsAnotherType) {
  EXPECT_THROW((void)example().data<double>(), Error);
  EXPECT_THROW((void)example().data<std::int32_t>(), Error);
}

TEST(Tensor, TellsWhichTypesWereMixedUp) {
  try {
    (void)example().data<double>();
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "a tensor of F32 was read as F64");
  }
}

TEST(Tensor, IsNotMadeOfTooFewValues) {
  EXPECT_THROW((void)Tensor::from<float>({4}, std::vector<float>{1, 2, 3}), Error);
}

TEST(Tensor, IsNotMadeOfTooManyValues) {
  EXPECT_THROW((void)Tensor::from<float>({2}, std::vector<float>{1, 2, 3}), Error);
}

TEST(Tensor, CopiesItsElements) {
  const Tensor original = example();
  Tensor copy = original;
  copy.data<float>()[0] = 9;
  EXPECT_EQ(original.data<float>()[0], 1);
}

TEST(Tensor, KeepsItsElementsUnderAnotherShape) {
  const Tensor reshaped = example().reshaped({3, 2});
  EXPECT_EQ(reshaped.shape(), (Shape{3, 2}));
  EXPECT_EQ(reshaped.data<float>()[5], 6);
}

TEST(Tensor, CanBeReshapedWithoutChangingTheOriginal) {
  const Tensor original = example();
  (void)original.reshaped({6});
  EXPECT_EQ(original.shape(), (Shape{2, 3}));
}

TEST(Tensor, IsNotReshapedToAnotherSize) { EXPECT_THROW((void)example().reshaped({7}), Error); }

TEST(Tensor, OfAShapeWhoseSizeOverflowsThrows) {
  const std::size_t half = std::size_t{1} << 32;
  EXPECT_THROW((Tensor(DType::u8, {half, half})), Error);
}

TEST(Tensor, OfAShapeWhoseBytesOverflowThrows) {
  EXPECT_THROW((Tensor(DType::f64, {std::numeric_limits<std::size_t>::max() / 4})), Error);
}

TEST(ElementCount, IsTheProductOfTheDimensions) {
  EXPECT_EQ(element_count({2, 3, 4}), 24U);
  EXPECT_EQ(element_count({}), 1U);
  EXPECT_EQ(element_count({0, std::numeric_limits<std::size_t>::max()}), 0U);
}

TEST(FormatShape, ListsTheDimensions) {
  EXPECT_EQ(format_shape({20, 2048}), "[20, 2048]");
  EXPECT_EQ(format_shape({}), "[]");
}

TEST(SizeOf, IsTheSizeInBytes) {
  EXPECT_EQ(size_of(DType::f64), 8U);
  EXPECT_EQ(size_of(DType::bf16), 2U);
  EXPECT_EQ(size_of(DType::u8), 1U);
}

}  // namespace
}  // namespace vidclass
