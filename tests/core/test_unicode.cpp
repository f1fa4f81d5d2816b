#include <gtest/gtest.h>

#include "core/unicode.hpp"

namespace vidclass {
namespace {

TEST(Utf8, IsToldFromOtherBytes) {
  EXPECT_TRUE(is_utf8("fr\xC3\xBCh"));
  EXPECT_FALSE(is_utf8("caf\xE9"));
  EXPECT_FALSE(is_utf8("\xC3"));          // cut short
  EXPECT_FALSE(is_utf8("\xED\xA0\x80"));  // half of a surrogate pair
}

TEST(Utf8, ComesOfTextInOtherEncodings) {
  EXPECT_EQ(to_utf8("caf\xE9", "latin1"), "caf\xC3\xA9");
  EXPECT_EQ(to_utf8("\x80", "cp1252"), "\xE2\x82\xAC");
  EXPECT_EQ(to_utf8("\xD0\xC2", "gbk"), "\xE6\x96\xB0");
}

TEST(Utf8, ComesOfTextLongerThanTheBufferOfAConversion) {
  EXPECT_EQ(to_utf8(std::string(10'000, '\xE9'), "latin1").size(), 20'000U);
}

TEST(Utf8, GoesBackToTheSameBytes) { EXPECT_EQ(from_utf8("caf\xC3\xA9", "latin1"), "caf\xE9"); }

TEST(Utf8, OfAnUnknownEncodingIsRefused) {
  EXPECT_THROW((void)to_utf8("a", "no such encoding"), UsageError);
}

TEST(Utf8, OfTextThatIsNotInTheEncodingIsRefused) {
  EXPECT_THROW((void)to_utf8("\xFF\xFF", "gbk"), Error);
  EXPECT_THROW((void)from_utf8("\xE6\x96\xB0", "latin1"), Error);
}

TEST(DecodedText, IsWithoutItsByteOrderMark) {
  EXPECT_EQ(decoded("\xEF\xBB\xBF"
                    "a",
                    {}),
            "a");
  EXPECT_EQ(decoded(std::string_view("\xFF\xFE"
                                     "a\0b\0",
                                     6),
                    {}),
            "ab");
  EXPECT_EQ(decoded(std::string_view("\xFE\xFF"
                                     "\0a\0b",
                                     6),
                    {}),
            "ab");
}

TEST(DecodedText, IsWhatItWasWhereItIsUtf8AlreadyOrNoEncodingIsNamed) {
  EXPECT_EQ(decoded("fr\xC3\xBCh", "latin1"), "fr\xC3\xBCh");
  EXPECT_EQ(decoded("caf\xE9", {}), "caf\xE9");
}

TEST(FoldedNames, AreEqualWhereCaseOrUnicodeFormDiffer) {
  EXPECT_EQ(folded("fr\xC3\xBCh"), folded("FRU\xCC\x88H"));
  EXPECT_EQ(folded("stra\xC3\x9F"
                   "e"),
            folded("STRASSE"));
  EXPECT_NE(folded("jump"), folded("jumps"));
}

TEST(FoldedNames, StayAsTheyAreWhereTheyAreNotUtf8) { EXPECT_EQ(folded("Caf\xE9"), "Caf\xE9"); }

}  // namespace
}  // namespace vidclass
