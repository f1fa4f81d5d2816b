#include <gtest/gtest.h>

#include "vidclass/error.hpp"
#include "vidclass/hooks.hpp"

namespace vidclass {
namespace {

TEST(ClipError, NamesTheClipAndTheReason) {
  EXPECT_STREQ(ClipError("a/clip.avi", "empty file").what(), "a/clip.avi: empty file");
}

TEST(ClipError, TellsTheReasonWithoutThePath) {
  EXPECT_EQ(ClipError("a/clip.avi", "empty file").reason(), "empty file");
}

TEST(CancellationToken, StartsWithoutARequest) {
  const CancellationToken token;
  EXPECT_FALSE(token.requested());
  EXPECT_NO_THROW(token.check());
}

TEST(CancellationToken, ThrowsOnceRequested) {
  const CancellationToken token;
  token.request();
  EXPECT_THROW(token.check(), Cancelled);
}

TEST(CancellationToken, SharesItsFlagWithCopies) {
  const CancellationToken token;
  const CancellationToken copy = token;
  token.request();
  EXPECT_TRUE(copy.requested());
}

}  // namespace
}  // namespace vidclass
