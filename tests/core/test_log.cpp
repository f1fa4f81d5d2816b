#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/log.hpp"
#include "vidclass/hooks.hpp"

namespace vidclass {
namespace {

class Log : public ::testing::Test {
protected:
  void SetUp() override { set_log_level(LogLevel::info); }
  void TearDown() override { set_log_level(LogLevel::off); }

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

TEST_F(Log, SaysNothingUnlessItIsAskedTo) {
  set_log_level(LogLevel::off);
  EXPECT_EQ(stderr_of([] {
              log_warning("a message");
              log_error("a message");
            }),
            "");
}

TEST_F(Log, GoesToAHandlerWithItsLevel) {
  set_log_level(LogLevel::off);
  std::vector<std::string> seen;
  set_message_handler([&](MessageLevel level, const std::string& text) {
    seen.push_back((level == MessageLevel::warning ? "warning " : "info ") + text);
  });
  log_info("one");
  log_warning("two");
  set_message_handler({});
  log_info("three");
  EXPECT_EQ(seen, (std::vector<std::string>{"info one", "warning two"}));
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
