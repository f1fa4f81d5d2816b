#include <gtest/gtest.h>

#include <pty.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <limits>
#include <string>

#include "core/progress.hpp"

namespace vidclass {
namespace {

using ::testing::internal::CaptureStderr;
using ::testing::internal::GetCapturedStderr;

TEST(FormatDuration, BelowAMinuteIsInSeconds) {
  EXPECT_EQ(format_duration(0), "0 s");
  EXPECT_EQ(format_duration(42.4), "42 s");
}

TEST(FormatDuration, RoundsUpToAMinute) { EXPECT_EQ(format_duration(59.5), "1 min 00 s"); }

TEST(FormatDuration, BelowAnHourIsInMinutes) {
  EXPECT_EQ(format_duration(185), "3 min 05 s");
  EXPECT_EQ(format_duration(3599), "59 min 59 s");
}

TEST(FormatDuration, FromAnHourOnIsInHours) {
  EXPECT_EQ(format_duration(3600), "1 h 00 min");
  EXPECT_EQ(format_duration(7800), "2 h 10 min");
}

TEST(FormatDuration, OfLessThanNothingIsNothing) { EXPECT_EQ(format_duration(-3), "0 s"); }

TEST(FormatDuration, OfSomethingThatIsNoNumberIsNothing) {
  EXPECT_EQ(format_duration(std::numeric_limits<double>::quiet_NaN()), "0 s");
}

TEST(ProgressPrinter, TellsTheLastStateAtOnce) {
  CaptureStderr();
  ProgressPrinter().update({"extract", 3, 3, "24.1 frames/s"});
  EXPECT_EQ(GetCapturedStderr(), "extract 3/3, took 0 s, 24.1 frames/s\n");
}

TEST(ProgressPrinter, IsQuietAboutQuickWorkUnderWay) {
  CaptureStderr();
  ProgressPrinter printer;
  printer.update({"extract", 1, 3, ""});
  printer.update({"extract", 2, 3, ""});
  printer.finish();
  EXPECT_EQ(GetCapturedStderr(), "");
}

/// What a terminal of this kind gets of work that is done.
std::string shown_by_terminal(const char* kind) {
  int master = -1;
  const pid_t child = ::forkpty(&master, nullptr, nullptr, nullptr);
  if (child == 0) {
    ::setenv("TERM", kind, 1);
    ProgressPrinter().update({"extract", 3, 3, ""});
    ::_exit(0);
  }
  std::string shown;
  std::array<char, 256> buffer{};
  for (ssize_t got = 0; (got = ::read(master, buffer.data(), buffer.size())) > 0;) {
    shown.append(buffer.data(), static_cast<std::size_t>(got));
  }
  ::close(master);
  return shown;
}

TEST(ProgressPrinter, RewritesItsLineOnATerminal) {
  EXPECT_EQ(shown_by_terminal("xterm"), "\rextract 3/3, took 0 s\x1b[K\r\n");
}

TEST(ProgressPrinter, GivesADumbTerminalNoEscapeSequences) {
  for (const char* kind : {"dumb", ""}) {
    EXPECT_EQ(shown_by_terminal(kind), "extract 3/3, took 0 s\r\n");
  }
}

}  // namespace
}  // namespace vidclass
