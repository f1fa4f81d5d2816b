#include <gtest/gtest.h>

#include <cstdlib>
#include <optional>
#include <string>

#include "vidclass/core/user_dirs.hpp"

namespace vidclass {
namespace {

/// Sets a variable of the environment, and puts it back at the end.
class Variable {
public:
  Variable(const char* name, const char* value) : name_(name) {
    if (const char* old = std::getenv(name)) old_ = old;
    set(value);
  }
  ~Variable() { set(old_ ? old_->c_str() : nullptr); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

private:
  void set(const char* value) const {
    value == nullptr ? ::unsetenv(name_) : ::setenv(name_, value, 1);
  }
  const char* name_;
  std::optional<std::string> old_;
};

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
