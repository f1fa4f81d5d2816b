#include <gtest/gtest.h>

#include <string>

#include "core/content_list.hpp"

namespace vidclass {
namespace {

const std::string hash(64, 'a');

TEST(ContentList, IsOneLineAClip) {
  EXPECT_EQ(format_content_list({{"/clips/a b.avi", {hash, 12, 34}}}),
            hash + "\t12\t34\t/clips/a b.avi\n");
}

class ContentListOfPath : public ::testing::TestWithParam<std::string> {};

TEST_P(ContentListOfPath, IsReadAsItWasWritten) {
  const ContentList list{{GetParam(), {hash, 1, -5}}, {"/z", {hash, 0, 7}}};
  EXPECT_EQ(parse_content_list(format_content_list(list)), list);
}

INSTANTIATE_TEST_SUITE_P(Each, ContentListOfPath,
                         ::testing::Values("/plain", "/with\ttab", "/with\nline", "/with\rreturn",
                                           "/with\\backslash", "/with\\t", "/ends\\",
                                           "/latin-1 \xE9", " /leading and trailing "));

class DamagedLine : public ::testing::TestWithParam<std::string> {};

TEST_P(DamagedLine, IsLeftOutAndTheOthersKept) {
  const std::string good = hash + "\t1\t2\t/good\n";
  const ContentList expected{{"/good", {hash, 1, 2}}};
  EXPECT_EQ(parse_content_list(GetParam() + "\n" + good), expected);
}

INSTANTIATE_TEST_SUITE_P(Each, DamagedLine,
                         ::testing::Values("", "\t\t\t", "no record", hash, hash + "\t1\t2",
                                           hash + "\t1\t2\t", hash + "\tx\t2\t/a",
                                           hash + "\t-1\t2\t/a", hash + "\t1\t2x\t/a",
                                           hash + "\t99999999999999999999\t2\t/a",
                                           hash.substr(1) + "\t1\t2\t/a",
                                           std::string(64, 'G') + "\t1\t2\t/a",
                                           hash + "\t1\t2\t/a\\", hash + "\t1\t2\t/a\\x"));

TEST(ContentList, WithoutItsLastLineFeedIsStillRead) {
  EXPECT_EQ(parse_content_list(hash + "\t1\t2\t/a").size(), 1U);
}

}  // namespace
}  // namespace vidclass
