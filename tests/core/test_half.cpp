#include "core/half.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

namespace vidclass {
namespace {

/// By the definition of binary16, without the compiler's type.
double value_of(std::uint16_t bits) {
  const int exponent = bits >> 10 & 0x1F;
  const int fraction = bits & 0x3FF;
  double size =
      exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(1024 + fraction, exponent - 25);
  if (exponent == 0x1F) size = fraction == 0 ? INFINITY : NAN;
  return (bits & 0x8000) != 0 ? -size : size;
}

bool is_nan(std::uint16_t bits) { return (bits & 0x7FFF) > 0x7C00; }

/// The nearest of the halves, of two as near the even one, found by bisection.
std::uint16_t nearest(float value) {
  const auto sign = static_cast<std::uint16_t>(std::signbit(value) ? 0x8000 : 0);
  const double size = std::abs(static_cast<double>(value));
  // As if the exponents went on: what is rounded to 2^16 is infinite.
  const auto at = [](int bits) {
    return bits == 0x7C00 ? 65536.0 : value_of(static_cast<std::uint16_t>(bits));
  };
  int low = 0, high = 0x7C00;
  if (size >= at(high)) return sign | 0x7C00;
  while (high - low > 1) {
    const int middle = (low + high) / 2;
    (at(middle) <= size ? low : high) = middle;
  }
  const double below = size - at(low), above = at(high) - size;
  const bool up = above < below || (above == below && low % 2 == 1);
  return static_cast<std::uint16_t>(sign | (up ? high : low));
}

TEST(Half, WidensEveryValueExactly) {
  for (std::uint32_t bits = 0; bits <= 0xFFFF; ++bits) {
    const auto half = static_cast<std::uint16_t>(bits);
    const float wide = float_from_half(half);
    if (is_nan(half)) {
      ASSERT_TRUE(std::isnan(wide)) << bits;
      // The sign and the rest of a NaN stay as they are; a signalling one becomes quiet.
      ASSERT_EQ(std::bit_cast<std::uint32_t>(wide),
                (bits & 0x8000U) << 16 | 0x7FC00000U | (bits & 0x3FFU) << 13)
          << bits;
    } else {
      ASSERT_EQ(std::bit_cast<std::uint32_t>(wide),
                std::bit_cast<std::uint32_t>(static_cast<float>(value_of(half))))
          << bits;
    }
  }
}

TEST(Half, NarrowsEveryWidenedValueToItself) {
  for (std::uint32_t bits = 0; bits <= 0xFFFF; ++bits) {
    const auto half = static_cast<std::uint16_t>(bits);
    // Compilers may or may not quiet a signalling NaN on the way.
    const int quiet = is_nan(half) ? 0x200 : 0;
    ASSERT_EQ(half_from_float(float_from_half(half)) | quiet, half | quiet) << bits;
  }
}

TEST(Half, RoundsToTheNearestOfFloatsOfAllKinds) {
  std::mt19937 random(1);
  for (int i = 0; i < 1'000'000; ++i) {
    const auto value = std::bit_cast<float>(static_cast<std::uint32_t>(random()));
    if (std::isnan(value)) continue;
    ASSERT_EQ(half_from_float(value), nearest(value)) << value;
  }
}

TEST(Half, RoundsTiesToEvenAndTheirNeighboursToTheNearest) {
  for (int bits = 0; bits < 0x7C00; ++bits) {
    const double next = bits == 0x7BFF ? 65536 : value_of(static_cast<std::uint16_t>(bits + 1));
    const auto tie = static_cast<float>((value_of(static_cast<std::uint16_t>(bits)) + next) / 2);
    ASSERT_EQ(half_from_float(tie), bits + bits % 2) << tie;
    ASSERT_EQ(half_from_float(std::nextafter(tie, 0.0F)), bits) << tie;
    ASSERT_EQ(half_from_float(std::nextafter(tie, INFINITY)), bits + 1) << tie;
  }
}

TEST(Half, KeepsSignsOfZeroAndInfinity) {
  EXPECT_EQ(half_from_float(-0.0F), 0x8000);
  EXPECT_EQ(half_from_float(-INFINITY), 0xFC00);
  EXPECT_EQ(half_from_float(std::numeric_limits<float>::max()), 0x7C00);
  EXPECT_EQ(half_from_float(std::numeric_limits<float>::denorm_min()), 0);
  EXPECT_TRUE(is_nan(half_from_float(NAN)));
}

TEST(Half, ConvertsTensorsThereAndBack) {
  const Tensor values = Tensor::from<float>({2, 1}, std::vector<float>{1.5F, -0.1F});
  const Tensor halves = half_from_float(values);
  EXPECT_EQ(halves.dtype(), DType::f16);
  const Tensor back = float_from_half(halves);
  EXPECT_EQ(back.shape(), values.shape());
  EXPECT_EQ(back.data<float>()[0], 1.5F);
  EXPECT_NEAR(back.data<float>()[1], -0.1F, 1e-4);
}

}  // namespace
}  // namespace vidclass
