// Recordings that were joined end to end, and clocks that were set on the way.
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <ostream>
#include <vector>

#include "support/temp_dir.hpp"
#include "vidclass/error.hpp"
#include "video/clip_maker.hpp"
#include "video/clip_reader.hpp"
#include "video/frame_reader.hpp"
#include "video/limits.hpp"
#include "video/recording_maker.hpp"
#include "video/sample.hpp"
#include "video/stretch.hpp"
#include "video/thumbnails.hpp"

namespace vidclass::video {
namespace {

using testing::Recording;

constexpr double tick = 0.001;

/// Packets without reordering, and which of them begin a stretch.
std::vector<std::size_t> beginnings(const std::vector<std::int64_t>& times, AVCodecID codec,
                                    bool may_be_set, std::size_t restart_every = 0) {
  std::vector<ScannedPacket> packets;
  for (const std::int64_t time : times) {
    packets.push_back({.time = time, .decoding_time = time});
    packets.back().restart = restart_every > 0 && (packets.size() - 1) % restart_every == 0;
  }
  const std::size_t stretches = find_stretches(packets, codec, may_be_set, tick);
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < packets.size(); ++i) {
    if (packets[i].starts_clock) found.push_back(i);
  }
  EXPECT_EQ(stretches, found.size() + 1);
  return found;
}

using Places = std::vector<std::size_t>;

TEST(Stretches, AreOneWhereTimesAscend) {
  EXPECT_EQ(beginnings({0, 40, 80, 120}, AV_CODEC_ID_H264, true), Places{});
}

TEST(Stretches, BeginWhereASetClockLeaps) {
  EXPECT_EQ(beginnings({0, 40, 80, 3'600'000, 3'600'040}, AV_CODEC_ID_H264, true), Places{3});
  EXPECT_EQ(beginnings({0, 40, 80, 1'200, 1'240}, AV_CODEC_ID_H264, true), Places{3});
}

TEST(Stretches, DoNotBeginAfterTheGapOfLostFrames) {
  EXPECT_EQ(beginnings({0, 40, 80, 1'000, 1'040}, AV_CODEC_ID_H264, true), Places{});
}

TEST(Stretches, DoNotBeginWithEveryPictureOfASlideShow) {
  EXPECT_EQ(beginnings({0, 5'000, 10'000, 15'000, 40'000}, AV_CODEC_ID_H264, true), Places{});
}

TEST(Stretches, BeginWhereASetClockGoesBack) {
  EXPECT_EQ(beginnings({1000, 1040, 1080, 500, 540}, AV_CODEC_ID_MPEG2VIDEO, true), Places{3});
}

TEST(Stretches, DoNotBeginWhereTimesAreRounded) {
  EXPECT_EQ(beginnings({1000, 1040, 1039, 1080}, AV_CODEC_ID_MPEG2VIDEO, true), Places{});
}

TEST(Stretches, DoNotBeginWithAPictureThatIsHeldInAFileOfOneClock) {
  EXPECT_EQ(beginnings({0, 40, 80, 3'600'000, 3'600'040}, AV_CODEC_ID_H264, false), Places{});
}

TEST(Stretches, BeginWhereDecodingRestartsBeforeWhatWasShown) {
  EXPECT_EQ(beginnings({0, 80, 40, 13, 93, 53}, AV_CODEC_ID_H264, false, 3), Places{3});
}

TEST(Stretches, DoNotBeginWithPicturesOutOfOrder) {
  EXPECT_EQ(beginnings({0, 160, 80, 40, 120, 320, 240, 200, 280}, AV_CODEC_ID_H264, false),
            Places{});
}

TEST(Stretches, BeginWhereMorePicturesAreLaterThanADecoderHolds) {
  std::vector<std::int64_t> times(20);
  std::iota(times.begin(), times.end(), 100);
  times.push_back(5);
  times.push_back(6);
  EXPECT_EQ(beginnings(times, AV_CODEC_ID_H264, false), Places{20});
}

TEST(Stretches, BeginWithAnyStepBackOfACodecThatPutsNothingIntoOrder) {
  EXPECT_EQ(beginnings({0, 40, 80, 20, 60}, AV_CODEC_ID_MJPEG, false), Places{3});
}

TEST(Stretches, AreJoinedWithoutAGap) {
  std::vector<ScannedPacket> packets;
  for (const std::int64_t time : {100, 140, 7'000, 7'040, 13, 53}) {
    packets.push_back({.time = time, .decoding_time = time, .duration = 40});
  }
  packets[2].starts_clock = packets[4].starts_clock = true;
  EXPECT_EQ(join_stretches(packets, &ScannedPacket::time, 33), 40);
  std::vector<std::int64_t> times;
  for (const ScannedPacket& packet : packets) times.push_back(packet.time);
  EXPECT_EQ(times, (std::vector<std::int64_t>{100, 140, 180, 220, 260, 300}));
}

TEST(Stretches, TakeTheUsualDurationWhereTheContainerNamesNone) {
  std::vector<ScannedPacket> packets{{.time = 0}, {.time = 40}, {.time = 10}};
  packets[2].starts_clock = true;
  EXPECT_EQ(join_stretches(packets, &ScannedPacket::time, 33), 33);
  EXPECT_EQ(packets[2].time, 73);
}

/// A file of 40 frames at 25 frames/s, all of which are shown.
struct OddClock {
  const char* name;
  std::vector<Recording> recordings;
};

std::ostream& operator<<(std::ostream& out, const OddClock& clip) { return out << clip.name; }

const std::vector<OddClock>& odd_clocks() {
  static const auto joined = [](Recording first, double second_start) {
    Recording second = first;
    second.first = first.first + first.frames;
    second.start = second_start;
    return std::vector{first, second};
  };
  const auto leaping = [](std::string encoder, double leap, int b_frames = 0) {
    return std::vector{Recording{.encoder = std::move(encoder),
                                 .frames = 40,
                                 .b_frames = b_frames,
                                 .leap_at = 20,
                                 .leap = leap}};
  };
  static const std::vector<OddClock> clips{
      {"anew.ts", joined({.encoder = "libx264"}, 0.013)},
      {"anew_reordered.ts", joined({.encoder = "mpeg2video", .b_frames = 2}, 0)},
      {"hour.ts", joined({.encoder = "libx264", .b_frames = 2}, 3600)},
      {"day.ts", joined({.encoder = "mpeg4"}, 90'000)},
      {"back.ts", joined({.encoder = "libx264", .start = 1000}, 0)},
      {"leap.ts", leaping("libx264", 5)},
      {"anew.flv", joined({.encoder = "flv"}, 0.013)},
      {"anew_reordered.flv", joined({.encoder = "libx264", .b_frames = 2}, 0)},
      {"hour.flv", leaping("flv", 3600)},
      {"anew.mkv", joined({.encoder = "mpeg4"}, 0.013)},
      {"anew_reordered.mkv", joined({.encoder = "libx264", .b_frames = 2}, 0.013)},
      {"anew_intra.mkv", joined({.encoder = "mjpeg"}, 0)},
      {"anew.vob", joined({.encoder = "mpeg2video", .b_frames = 2}, 0)},
      {"hour.vob", joined({.encoder = "mpeg2video"}, 3600)},
      {"back.mpg", joined({.encoder = "mpeg2video", .start = 500, .b_frames = 2}, 2)},
      {"four.ts",
       {{.encoder = "libx264", .frames = 10},
        {.encoder = "libx264", .frames = 10, .first = 10},
        {.encoder = "libx264", .frames = 10, .first = 20, .width = 96, .height = 80},
        {.encoder = "libx264", .frames = 10, .first = 30, .start = 7}}},
  };
  return clips;
}

class OddClocks : public ::testing::TestWithParam<OddClock> {
protected:
  void SetUp() override { testing::make_joined(path(), GetParam().recordings); }

  [[nodiscard]] std::filesystem::path path() const { return dir_ / GetParam().name; }
  [[nodiscard]] static std::vector<int> numbers(const Tensor& frames) {
    std::vector<int> result;
    for (std::size_t i = 0; i < frames.dim(0); ++i) {
      result.push_back(testing::number_of(frames, i));
    }
    return result;
  }
  [[nodiscard]] static std::vector<int> up_to(int count) {
    std::vector<int> result(static_cast<std::size_t>(count));
    std::iota(result.begin(), result.end(), 0);
    return result;
  }

private:
  testing::TempDir dir_;
};

TEST_P(OddClocks, KeepTheOrderOfTheirFrames) {
  const SampledClip clip =
      sample_clip(path(), {.sampling = Sampling::first, .frames = 100, .size = 16});
  EXPECT_EQ(numbers(clip.frames), up_to(40));
}

TEST_P(OddClocks, ShowTheirFramesOneAfterTheOther) {
  const SampledClip clip = sample_clip(path(), {.frames = 100, .size = 16});
  ASSERT_EQ(clip.times.size(), 40U);
  for (std::size_t i = 0; i < 40; ++i) {
    EXPECT_NEAR(clip.times[i], static_cast<double>(i) / 25, 0.041);
  }
}

TEST_P(OddClocks, GiveFramesSpreadOverAllOfThem) {
  const SampledClip clip = sample_clip(path(), {.frames = 4, .size = 16});
  const std::vector<int> given = numbers(clip.frames);
  ASSERT_EQ(given.size(), 4U);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(given[i], 5 + 10 * static_cast<int>(i), 1);
}

TEST_P(OddClocks, AreShownAtTheirSpeed) {
  ClipReader reader(path());
  EXPECT_EQ(reader.frames(), 40U);
  EXPECT_NEAR(reader.duration(), 1.6, 0.041);
  ShownFrame frame;
  double shown = 0;
  std::size_t count = 0;
  while (reader.next(frame)) {
    ++count;
    shown += frame.duration;
  }
  EXPECT_EQ(count, 40U);
  EXPECT_NEAR(shown, 1.6, 0.041);
}

TEST_P(OddClocks, GiveAllTheirThumbnailsInOrder) {
  const Thumbnails thumbnails = thumbnails_of(path());
  EXPECT_EQ(thumbnails.frames, 40U);
  EXPECT_EQ(thumbnails.damage, "");
  EXPECT_TRUE(std::is_sorted(thumbnails.times.begin(), thumbnails.times.end()));
}

TEST_P(OddClocks, GiveTheSameFramesWhenTheFileIsReadAgain) {
  StallGuard guard(Limits{}.max_stall, {});
  PacketSource source(path(), Limits{}, guard, {.most_kept = 0, .shortest_seek = 0});
  const Timeline& timeline = source.scan().timeline;
  const std::vector<std::int64_t> wanted{timeline.times[3], timeline.times[33]};
  FrameReader reader(source, guard, Limits{}.max_pixels, plan_packets(source.scan(), wanted));
  std::size_t found = 0;
  std::size_t index = 0;
  while (const AVFrame* decoded = reader.next()) {
    // Where the scan counts frames, all of them come out.
    const std::int64_t time =
        source.scan().by_timestamp ? decoded->pts : timeline.times.at(index++);
    found += std::count(wanted.begin(), wanted.end(), time) > 0 ? 1 : 0;
  }
  EXPECT_EQ(found, 2U);
}

INSTANTIATE_TEST_SUITE_P(All, OddClocks, ::testing::ValuesIn(odd_clocks()), [](const auto& test) {
  std::string name = test.param.name;
  std::replace(name.begin(), name.end(), '.', '_');
  return name;
});

TEST(OddClock, OfAnMp4IsThatOfItsFirstMovieAsThereIsNoOther) {
  const testing::TempDir dir;
  testing::make_joined(dir / "joined.mp4", std::vector<Recording>{{}, {.first = 20}});
  EXPECT_EQ(sample_clip(dir / "joined.mp4", {.frames = 100, .size = 16}).frames.dim(0), 20U);
}

TEST(OddClock, KeepsAPictureThatAnMp4HoldsForAnHour) {
  const testing::TempDir dir;
  testing::make_recording(dir / "held.mp4", {.frames = 20, .leap_at = 10, .leap = 3600});
  const SampledClip clip = sample_clip(dir / "held.mp4", {.frames = 100, .size = 16});
  EXPECT_EQ(clip.frames.dim(0), 20U);
  EXPECT_NEAR(clip.times.back(), 3600.76, 0.01);
}

TEST(OddClock, DoesNotTakeRecordingsBeyondTheLongestDuration) {
  const testing::TempDir dir;
  testing::make_joined(dir / "joined.ts", std::vector<Recording>{{}, {.start = 3600}});
  const auto refused = [&](double longest) {
    try {
      (void)sample_clip(dir / "joined.ts", {.frames = 4, .size = 16}, {},
                        {.max_duration = longest});
    } catch (const ClipError& error) {
      return error.reason();
    }
    return std::string("none");
  };
  EXPECT_EQ(refused(1.6), "none");
  EXPECT_EQ(refused(1), "lasts 1.56 s or more, and 1 s is the limit (max-duration)");
}

TEST(OddClock, IsThatOfTheDecoderWhereTimestampsContradictItsOrder) {
  const testing::TempDir dir;
  // B-frames behind the leap come out before the picture that was coded before them.
  testing::make_recording(
      dir / "clip.ts",
      {.encoder = "mpeg2video", .frames = 40, .b_frames = 2, .leap_at = 21, .leap = 60});
  const SampledClip clip = sample_clip(dir / "clip.ts", {.frames = 100, .size = 16});
  std::vector<int> numbers;
  for (std::size_t i = 0; i < clip.frames.dim(0); ++i) {
    numbers.push_back(testing::number_of(clip.frames, i));
  }
  std::vector<int> expected(40);
  std::iota(expected.begin(), expected.end(), 0);
  EXPECT_EQ(numbers, expected);
}

}  // namespace
}  // namespace vidclass::video
