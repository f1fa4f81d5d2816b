#include <gtest/gtest.h>

#include "support/shared_data.hpp"
#include "support/temp_dir.hpp"
#include "vidclass/error.hpp"
#include "video/probe.hpp"

namespace vidclass::video {
namespace {

TEST(Probe, ThrowsAClipErrorForAMissingFile) {
  EXPECT_THROW((void)probe("no/such.mp4"), ClipError);
}

TEST(Probe, GivesTheSizeAsShownAfterRotation) {
  VIDCLASS_NEED_SHARED_DATA();
  const ClipInfo upright = probe(testing::shared_data() / "robustness/rotation_0.mov");
  const ClipInfo turned = probe(testing::shared_data() / "robustness/rotation_90.mov");
  EXPECT_EQ(upright.rotation, 0);
  EXPECT_EQ(turned.rotation, 90);
  EXPECT_EQ(turned.width, upright.height);
  EXPECT_EQ(turned.height, upright.width);
}

TEST(Probe, NamesContainerAndCodec) {
  VIDCLASS_NEED_SHARED_DATA();
  const ClipInfo info = probe(testing::shared_data() / "robustness/av1_video.mkv");
  EXPECT_EQ(info.container, "matroska");
  EXPECT_EQ(info.codec, "av1");
  EXPECT_DOUBLE_EQ(info.frame_rate, 25.0);
  EXPECT_DOUBLE_EQ(info.duration, 5.0);
}

TEST(HasVideoExtension, DoesNotMindCase) {
  EXPECT_TRUE(has_video_extension("a/clip.AVI"));
  EXPECT_TRUE(has_video_extension("clip.mp4"));
}

TEST(HasVideoExtension, IsFalseForOtherFiles) {
  EXPECT_FALSE(has_video_extension("labels.csv"));
  EXPECT_FALSE(has_video_extension("avi"));
  EXPECT_FALSE(has_video_extension("clip.mp4.part"));
}

}  // namespace
}  // namespace vidclass::video
