#include "core/csv.hpp"

#include <gtest/gtest.h>

#include "support/files.hpp"
#include "vidclass/error.hpp"

namespace vidclass {
namespace {

using Fields = std::vector<std::string>;

Fields only_row(std::string_view text) {
  const auto rows = parse_csv(text, "test.csv");
  EXPECT_EQ(rows.size(), 1U);
  return rows.empty() ? Fields{} : rows.front().fields;
}

std::string error_of(std::string_view text) {
  return testing::message_of<Error>([&] { static_cast<void>(parse_csv(text, "test.csv")); });
}

TEST(Csv, SplitsAtCommas) { EXPECT_EQ(only_row("a,b,c\n"), (Fields{"a", "b", "c"})); }
TEST(Csv, KeepsEmptyFields) { EXPECT_EQ(only_row("a,,c,"), (Fields{"a", "", "c", ""})); }
TEST(Csv, KeepsCommasInQuotes) { EXPECT_EQ(only_row("\"a,b\",c"), (Fields{"a,b", "c"})); }
TEST(Csv, ReadsDoubledQuotesAsOne) {
  EXPECT_EQ(only_row("\"say \"\"hi\"\"\",c"), (Fields{"say \"hi\"", "c"}));
}
TEST(Csv, KeepsLineEndsInQuotes) {
  EXPECT_EQ(only_row("\"a\r\nb\",c\r\n"), (Fields{"a\r\nb", "c"}));
}
TEST(Csv, KeepsQuotesWithinUnquotedFields) {
  EXPECT_EQ(only_row("5\" disc,c"), (Fields{"5\" disc", "c"}));
}
TEST(Csv, DropsBlanksAroundFields) {
  EXPECT_EQ(only_row(" a , \"b\" ,\tc "), (Fields{"a", "b", "c"}));
}
TEST(Csv, KeepsBlanksInQuotes) { EXPECT_EQ(only_row("\" a \""), (Fields{" a "})); }
TEST(Csv, SkipsTheByteOrderMark) {
  EXPECT_EQ(only_row("\xEF\xBB\xBFpath,label"), (Fields{"path", "label"}));
}
TEST(Csv, LeavesOutRowsWithoutContent) {
  EXPECT_EQ(only_row("\n\r\n,,\na,b\n\n"), (Fields{"a", "b"}));
}
TEST(Csv, HasNoRowsWithoutText) { EXPECT_TRUE(parse_csv("", "test.csv").empty()); }

TEST(Csv, EndsRowsAtEachKindOfLineEnd) {
  const auto rows = parse_csv("a\nb\r\nc\rd", "test.csv");
  ASSERT_EQ(rows.size(), 4U);
  EXPECT_EQ(rows[3].fields, (Fields{"d"}));
}

TEST(Csv, CountsTheLinesWithinQuotes) {
  const auto rows = parse_csv("\"a\nb\nc\"\n\nd\n", "test.csv");
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[1].line, 5U);
}

TEST(Csv, NamesTheLineOfAQuoteThatIsNeverClosed) {
  EXPECT_TRUE(testing::has(error_of("a,b\nc,\"d\ne\n"), "test.csv:2: a quote"));
}

TEST(Csv, NamesTheLineOfTextAfterAQuote) {
  EXPECT_TRUE(testing::has(error_of("a\n\"b\"c,d\n"), "test.csv:2: text follows"));
}

TEST(Csv, ReadsBackWhateverItWrites) {
  for (const std::string value :
       {"", "plain", "a,b", "\"", "a\"b", " lead", "trail ", "two\nlines", "cr\r", "\xC3\xA4"}) {
    EXPECT_EQ(only_row("x," + csv_field(value)), (Fields{"x", value}));
  }
}

TEST(Csv, TakesTheSeparatorThatIsNamed) {
  const auto rows = parse_csv("a;b, c\n\"d;e\";f\n", "x.csv", ';');
  EXPECT_EQ(rows.at(0).fields, (std::vector<std::string>{"a", "b, c"}));
  EXPECT_EQ(rows.at(1).fields, (std::vector<std::string>{"d;e", "f"}));
}

TEST(Csv, KeepsEmptyFieldsBetweenTabs) {
  const auto rows = parse_csv("a\t\tb\n", "x.tsv", '\t');
  EXPECT_EQ(rows.at(0).fields, (std::vector<std::string>{"a", "", "b"}));
}

}  // namespace
}  // namespace vidclass
