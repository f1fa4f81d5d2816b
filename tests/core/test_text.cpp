#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/text.hpp"

namespace vidclass {
namespace {

struct Case {
  const char* name;
  std::string text;
  std::string shown;
};

std::ostream& operator<<(std::ostream& out, const Case& each) { return out << each.name; }

class Printable : public ::testing::TestWithParam<Case> {};

TEST_P(Printable, IsOneLineThatDoesNothingToATerminal) {
  EXPECT_EQ(printable(GetParam().text), GetParam().shown);
}

INSTANTIATE_TEST_SUITE_P(
    Texts, Printable,
    ::testing::Values(Case{"nothing", "", ""}, Case{"plain", "a b/c.mp4", "a b/c.mp4"},
                      Case{"other_scripts", "\u89c6 \u0645 \U0001F3BE", "\u89c6 \u0645 \U0001F3BE"},
                      Case{"escape_sequence", "\x1b[2Jx", "\\x1b[2Jx"},
                      Case{"line_end", "red\nwarning: forged\r", "red\\nwarning: forged\\r"},
                      Case{"tab_and_nul", std::string("a\tb\0c", 5), "a\\tb\\x00c"},
                      Case{"delete", "a\x7f", "a\\x7f"},
                      Case{"control_of_eight_bits",
                           "\xc2\x9b"
                           "31m",
                           "\\x9b31m"},
                      Case{"right_to_left_override", "a\u202Egpj.exe", "a\\u202egpj.exe"},
                      Case{"isolates", "\u2066a\u2069", "\\u2066a\\u2069"},
                      Case{"line_separator", "a\u2028b", "a\\u2028b"},
                      Case{"latin1", "caf\xe9", "caf\\xe9"},
                      Case{"cut_short", "\xe8\xa7", "\\xe8\\xa7"},
                      Case{"overlong", "\xc0\xaf", "\\xc0\\xaf"},
                      Case{"surrogate", "\xed\xa0\x80", "\\xed\\xa0\\x80"},
                      Case{"beyond_unicode", "\xf5\x80\x80\x80", "\\xf5\\x80\\x80\\x80"}),
    [](const auto& each) { return each.param.name; });

TEST(ToldApart, GivesNumbersToAllButTheFirst) {
  EXPECT_EQ(told_apart({"a", "b", "a", "a"}), (std::vector<std::string>{"a", "b", "a-2", "a-3"}));
}

TEST(ToldApart, TakesNoNameThatIsThere) {
  EXPECT_EQ(told_apart({"a", "a", "a-2"}), (std::vector<std::string>{"a", "a-3", "a-2"}));
}

}  // namespace
}  // namespace vidclass
