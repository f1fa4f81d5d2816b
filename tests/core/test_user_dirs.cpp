#include <gtest/gtest.h>

#include "core/user_dirs.hpp"
#include "support/environment.hpp"

namespace vidclass {
namespace {

using testing::Variable;

TEST(UserCacheDir, IsBelowXdgCacheHome) {
  const Variable xdg("XDG_CACHE_HOME", "/xdg");
  EXPECT_EQ(user_cache_dir(), "/xdg/vidclass");
}

TEST(UserCacheDir, IsElseBelowHome) {
  const Variable xdg("XDG_CACHE_HOME", nullptr);
  const Variable home("HOME", "/home/someone");
  EXPECT_EQ(user_cache_dir(), "/home/someone/.cache/vidclass");
}

TEST(UserCacheDir, IgnoresARelativeXdgCacheHome) {
  const Variable xdg("XDG_CACHE_HOME", "relative");
  const Variable home("HOME", "/home/someone");
  EXPECT_EQ(user_cache_dir(), "/home/someone/.cache/vidclass");
}

TEST(UserCacheDir, WithoutAHomeIsTemporary) {
  const Variable xdg("XDG_CACHE_HOME", nullptr);
  const Variable home("HOME", nullptr);
  EXPECT_TRUE(user_cache_dir().is_absolute());
}

}  // namespace
}  // namespace vidclass
