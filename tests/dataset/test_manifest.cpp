#include <gtest/gtest.h>

#include "dataset/files.hpp"
#include "dataset/group.hpp"

namespace vidclass::dataset {
namespace {

TEST(Split, IsReadBackFromItsName) {
  for (const Split split : {Split::none, Split::train, Split::validation, Split::test}) {
    EXPECT_EQ(split_from(to_string(split)), split);
  }
}

TEST(Split, HasOtherNamesForValidation) {
  EXPECT_EQ(split_from("valid"), Split::validation);
  EXPECT_EQ(split_from("Validation"), Split::validation);
}

TEST(Split, NamesTheChoicesForAnUnknownName) {
  const auto error =
      testing::message_of<UsageError>([] { static_cast<void>(split_from("later")); });
  EXPECT_EQ(error, "unknown split \"later\": use train, val or test");
}

TEST(Group, IsPerClassForUcf101Names) {
  EXPECT_EQ(group_from_name("a/v_Punch_g01_c02.avi", "Punch"), "Punch_g01");
  EXPECT_EQ(group_from_name("v_HandStandPushups_g25_c7.avi", "HandstandPushups"),
            "HandstandPushups_g25");
}

TEST(Group, IsEmptyForOtherNames) {
  for (const char* name : {"clip.avi", "v_Punch_g01.avi", "v_g_c01.avi", "a_gx_c01.avi", "_c01.avi",
                           "a_g01_c01_x.avi", ""}) {
    EXPECT_EQ(group_from_name(name, "Punch"), "") << name;
  }
}

}  // namespace
}  // namespace vidclass::dataset
