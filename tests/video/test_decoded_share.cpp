// What is said of clips of which only a part is there.
#include <gtest/gtest.h>

#include "support/temp_dir.hpp"
#include "vidclass/error.hpp"
#include "video/clip_maker.hpp"
#include "video/decoded_share.hpp"
#include "video/recording_maker.hpp"
#include "video/sample.hpp"
#include "video/thumbnails.hpp"

namespace vidclass::video {
namespace {

const ClipSettings four_frames{.frames = 4, .size = 16};

std::string refusal_of(const std::filesystem::path& path) {
  try {
    (void)sample_clip(path, four_frames);
  } catch (const ClipError& error) {
    return error.reason();
  }
  return "none";
}

TEST(DecodedShares, AreNotToldWhereNearlyAllCame) {
  EXPECT_EQ(judge_share("clip", {49, 50}, "bad data"), "");
  EXPECT_EQ(judge_share("clip", {0, 0}, ""), "");
}

TEST(DecodedShares, AreToldWhereAPartCame) {
  EXPECT_EQ(judge_share("clip", {40, 100}, "bad data"),
            "only 40 of 100 frames can be decoded (bad data)");
  EXPECT_EQ(judge_share("clip", {25, 100}, ""), "only 25 of 100 frames can be decoded");
}

TEST(DecodedShares, BelowAQuarterMakeAClipUnusable) {
  EXPECT_THROW((void)judge_share("clip", {24, 100}, ""), ClipError);
}

TEST(DecodedShares, OfADamagedClipAreTold) {
  const testing::TempDir dir;
  testing::make_clip(dir / "clip.avi", {.frames = 40});
  testing::overwrite_packets(dir / "clip.avi", 20, 40);
  EXPECT_TRUE(sample_clip(dir / "clip.avi", four_frames).note.starts_with("only 20 of 40 frames"));
}

TEST(DecodedShares, OfANearlyWhollyDamagedClipMakeItUnusable) {
  const testing::TempDir dir;
  testing::make_clip(dir / "clip.avi", {.frames = 40});
  testing::overwrite_packets(dir / "clip.avi", 3, 40);
  EXPECT_TRUE(refusal_of(dir / "clip.avi").starts_with("only 3 of 40 frames"));
  EXPECT_THROW((void)thumbnails_of(dir / "clip.avi"), ClipError);
}

TEST(DecodedShares, CountWhatTheIndexOfABrokenOffMp4Names) {
  const testing::TempDir dir;
  // The index in front, as of files for the web.
  testing::make_recording(dir / "whole.mp4", {.encoder = "mjpeg", .frames = 40},
                          {{"movflags", "+faststart"}});
  const std::uintmax_t bytes = std::filesystem::file_size(dir / "whole.mp4");
  testing::copy_start(dir / "whole.mp4", dir / "most.mp4", bytes * 2 / 3);
  EXPECT_NE(sample_clip(dir / "most.mp4", four_frames).note, "");
  testing::copy_start(dir / "whole.mp4", dir / "rest.mp4", bytes / 5);
  EXPECT_NE(refusal_of(dir / "rest.mp4").find("it breaks off"), std::string::npos);
}

TEST(DecodedShares, AreNotAskedOfAnEncryptedClip) {
  const testing::TempDir dir;
  testing::make_recording(dir / "clip.mp4", {.encoder = "libx264", .frames = 40},
                          {{"encryption_scheme", "cenc-aes-ctr"},
                           {"encryption_key", "76a6c65c5ea762046bd749a2e632ccbb"},
                           {"encryption_kid", "a7e61c373e219033c21091fa607bf3b8"}});
  EXPECT_EQ(refusal_of(dir / "clip.mp4"), "it is encrypted");
}

TEST(HeldPicture, IsToldWhereItTakesMostOfTheClip) {
  const testing::TempDir dir;
  testing::make_recording(dir / "clip.mp4", {.frames = 30, .rate = 10, .leap_at = 15, .leap = 60});
  const SampledClip clip = sample_clip(dir / "clip.mp4", {.frames = 20, .size = 16});
  EXPECT_EQ(clip.note,
            "a picture is held for 60.1 s of its 63 s, so that its 30 frames give only 1");
}

TEST(HeldPicture, IsNotToldWhereItIsShortOrTimeDoesNotMatter) {
  const testing::TempDir dir;
  testing::make_recording(dir / "short.mp4",
                          {.frames = 30, .rate = 10, .leap_at = 15, .leap = 0.5});
  EXPECT_EQ(sample_clip(dir / "short.mp4", {.frames = 20, .size = 16}).note, "");
  testing::make_recording(dir / "clip.mp4", {.frames = 30, .rate = 10, .leap_at = 15, .leap = 60});
  EXPECT_EQ(
      sample_clip(dir / "clip.mp4", {.sampling = Sampling::first, .frames = 20, .size = 16}).note,
      "");
}

TEST(HeldPicture, IsNotToldOfAClipOfFewFrames) {
  const testing::TempDir dir;
  testing::make_recording(dir / "clip.mp4", {.frames = 3, .rate = 10});
  EXPECT_EQ(sample_clip(dir / "clip.mp4", {.frames = 20, .size = 16}).note, "");
}

}  // namespace
}  // namespace vidclass::video
