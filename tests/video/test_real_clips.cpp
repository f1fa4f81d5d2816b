// Clips of many kinds; the numbers of frames are those that the ffmpeg program decodes.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <ostream>
#include <string>

#include "support/shared_data.hpp"
#include "video/probe.hpp"
#include "video/sample.hpp"

namespace vidclass::video {
namespace {

struct RealClip {
  const char* name;
  std::size_t frames;
};

std::ostream& operator<<(std::ostream& out, const RealClip& clip) { return out << clip.name; }

class RealClips : public ::testing::TestWithParam<RealClip> {
protected:
  [[nodiscard]] static std::filesystem::path path() {
    return testing::shared_data() / "robustness" / GetParam().name;
  }
};

TEST_P(RealClips, GiveEveryFrameThatFfmpegDecodes) {
  VIDCLASS_NEED_SHARED_DATA();
  ClipSettings settings;
  settings.sampling = Sampling::first;
  settings.frames = 10000;
  settings.size = 8;
  const SampledClip clip = sample_clip(path(), settings);
  EXPECT_EQ(clip.frames.dim(0), GetParam().frames);
  EXPECT_EQ(clip.times.front(), 0.0);
  EXPECT_EQ(std::adjacent_find(clip.times.begin(), clip.times.end(), std::greater_equal<>()),
            clip.times.end());
}

TEST_P(RealClips, GiveFramesFromEndToEnd) {
  VIDCLASS_NEED_SHARED_DATA();
  ClipSettings settings;
  settings.frames = 4;
  settings.size = 8;
  const SampledClip clip = sample_clip(path(), settings);
  const double duration = probe(path()).duration;
  EXPECT_EQ(clip.frames.dim(0), std::min<std::size_t>(4, GetParam().frames));
  EXPECT_LE(clip.times.front(), 0.25 * duration);
  EXPECT_GE(clip.times.back(), 0.65 * duration);
}

INSTANTIATE_TEST_SUITE_P(
    Robustness, RealClips,
    ::testing::Values(RealClip{"armwrestling.mp4", 280}, RealClip{"av1_video.mkv", 125},
                      RealClip{"bt709_full_range.mp4", 30}, RealClip{"corrupted_h264.mp4", 49},
                      RealClip{"example.avi", 131}, RealClip{"fps6.mp4", 57},
                      RealClip{"h264_1080p_in_avi.avi", 103},
                      RealClip{"h264_1080p_odd_rate.mp4", 72}, RealClip{"h264_10bits.mp4", 30},
                      RealClip{"h265_10bits.mp4", 30}, RealClip{"h265_video.mp4", 10},
                      RealClip{"long.mp4", 300}, RealClip{"mpeg4_320x240.avi", 164},
                      RealClip{"multi_stream.mp4", 390}, RealClip{"pancake.mkv", 310},
                      RealClip{"part.mp4", 32}, RealClip{"realshort.mp4", 36},
                      RealClip{"rotation_0.mov", 3}, RealClip{"rotation_180.mov", 3},
                      RealClip{"rotation_270.mov", 3}, RealClip{"rotation_90.mov", 3},
                      RealClip{"structured.mp4", 300}, RealClip{"testsrc2.mp4", 60},
                      RealClip{"unordered_timestamps.mov", 4},
                      RealClip{"variable_rate_yuv444.mp4", 300}, RealClip{"yuv444p.mp4", 280}),
    [](const auto& test) {
      std::string name = test.param.name;
      std::replace(name.begin(), name.end(), '.', '_');
      return name;
    });

}  // namespace
}  // namespace vidclass::video
