#include <gtest/gtest.h>

#include <string>

#include "core/log.hpp"

namespace vidclass {
namespace {

class Log : public ::testing::Test {
protected:
  void TearDown() override { set_log_level(LogLevel::info); }

  template <typename Function>
  static std::string stderr_of(Function function) {
    ::testing::internal::CaptureStderr();
    function();
    return ::testing::internal::GetCapturedStderr();
  }
};

TEST_F(Log, GoesToStderr) {
  EXPECT_EQ(stderr_of([] { log_info("a message"); }), "a message\n");
}

TEST_F(Log, MarksWarnings) {
  EXPECT_EQ(stderr_of([] { log_warning("a message"); }), "warning: a message\n");
}

TEST_F(Log, MarksErrors) {
  EXPECT_EQ(stderr_of([] { log_error("a message"); }), "error: a message\n");
}

TEST_F(Log, TakesBracesAsTheyAre) {
  EXPECT_EQ(stderr_of([] { log_info("{} %s"); }), "{} %s\n");
}

TEST_F(Log, DropsDebugMessagesUnlessAskedForThem) {
  EXPECT_EQ(stderr_of([] { log_debug("a message"); }), "");
}

TEST_F(Log, DropsWhatIsBelowItsLevel) {
  set_log_level(LogLevel::error);
  EXPECT_EQ(stderr_of([] { log_warning("a message"); }), "");
}

TEST_F(Log, CanBeSilenced) {
  set_log_level(LogLevel::off);
  EXPECT_EQ(stderr_of([] { log_error("a message"); }), "");
}

}  // namespace
}  // namespace vidclass
