#include <gtest/gtest.h>

#include "backbone/precision.hpp"
#include "vidclass/error.hpp"

namespace vidclass::backbone {
namespace {

TEST(Precision, IsReadBackFromItsName) {
  for (const auto precision :
       {Precision::automatic, Precision::f32, Precision::bf16, Precision::int8}) {
    EXPECT_EQ(precision_from(to_string(precision)), precision);
  }
}

TEST(Precision, OfAnUnknownNameIsAUsageError) {
  EXPECT_THROW((void)precision_from("f64"), UsageError);
}

TEST(Precision, ThatWasAskedForIsKept) {
  EXPECT_EQ(resolve(Precision::f32), Precision::f32);
  EXPECT_EQ(resolve(Precision::bf16), Precision::bf16);
  EXPECT_EQ(resolve(Precision::int8), Precision::int8);
}

TEST(Precision, IsNeverInt8UnlessAskedFor) {
  EXPECT_NE(resolve(Precision::automatic), Precision::int8);
}

TEST(Precision, IsNeverLeftOpen) { EXPECT_NE(resolve(Precision::automatic), Precision::automatic); }

}  // namespace
}  // namespace vidclass::backbone
