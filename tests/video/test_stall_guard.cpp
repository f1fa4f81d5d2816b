#include <gtest/gtest.h>

#include "support/temp_dir.hpp"
#include "vidclass/error.hpp"
#include "video/clip_maker.hpp"
#include "video/frame_reader.hpp"
#include "video/limits.hpp"

namespace vidclass::video {
namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;

/// A clock that stands still until it is told otherwise.
struct HandClock {
  steady_clock::time_point now{};
  StallGuard::Clock reader() {
    return [this] { return now; };
  }
};

TEST(StallGuard, StallsWhenNothingCameForLongerThanItsLimit) {
  HandClock clock;
  StallGuard guard(60, {}, clock.reader());
  clock.now += seconds(60);
  EXPECT_FALSE(guard.stalled());
  clock.now += seconds(1);
  EXPECT_TRUE(guard.stalled());
  guard.progress();
  EXPECT_FALSE(guard.stalled());
}

TEST(StallGuard, NamesTheClipAndTheLimit) {
  HandClock clock;
  StallGuard guard(2.5, {}, clock.reader());
  clock.now += seconds(3);
  try {
    guard.check("slow.avi");
    FAIL() << "no exception";
  } catch (const ClipError& error) {
    EXPECT_STREQ(error.what(), "slow.avi: given up: nothing came of it for 2.5 s (max-stall)");
  }
}

TEST(StallGuard, InterruptsWhatIsCancelled) {
  const CancellationToken cancel;
  StallGuard guard(60, cancel);
  EXPECT_FALSE(guard.interrupted());
  cancel.request();
  EXPECT_TRUE(guard.interrupted());
  EXPECT_THROW(guard.check("clip.avi"), Cancelled);
}

TEST(StallGuard, EndsTheScanOfAFileThatGivesNoPackets) {
  const testing::TempDir dir;
  testing::make_clip(dir / "clip.avi");
  steady_clock::time_point now{};
  // A minute goes by whenever somebody looks.
  StallGuard guard(30, {}, [&] { return now += seconds(60); });
  EXPECT_THROW(PacketSource(dir / "clip.avi", Limits{}, guard), ClipError);
}

TEST(StallGuard, GivesUpADecoderThatTakesPacketsAndGivesNoFrames) {
  const testing::TempDir dir;
  testing::make_clip(dir / "clip.avi", {.frames = 40});
  testing::overwrite_packets(dir / "clip.avi", 0, 40);
  steady_clock::time_point now{};
  bool slow = false;
  StallGuard guard(30, {}, [&] { return slow ? now += seconds(1) : now; });
  PacketSource source(dir / "clip.avi", Limits{}, guard);
  slow = true;
  FrameReader reader(source, guard, Limits{}.max_pixels);
  EXPECT_THROW((void)reader.next(), ClipError);
}

TEST(StallGuard, LetsASlowDecoderGoOnAsLongAsFramesCome) {
  const testing::TempDir dir;
  testing::make_clip(dir / "clip.avi", {.frames = 40});
  steady_clock::time_point now{};
  StallGuard guard(30, {}, [&] { return now; });
  PacketSource source(dir / "clip.avi", Limits{}, guard);
  FrameReader reader(source, guard, Limits{}.max_pixels);
  int frames = 0;
  while (reader.next()) {
    ++frames;
    now += seconds(20);
  }
  EXPECT_EQ(frames, 40);
}

}  // namespace
}  // namespace vidclass::video
