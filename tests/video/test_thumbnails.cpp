#include "video/thumbnails.hpp"

#include <gtest/gtest.h>

#include "clip_maker.hpp"
#include "support/shared_data.hpp"
#include "support/temp_dir.hpp"
#include "vidclass/error.hpp"
#include "video/thumbnail.hpp"

namespace vidclass::video {
namespace {

using testing::make_clip;
using testing::TempDir;

/// A clip of 30 frames in 3 seconds.
class Thumbs : public ::testing::Test {
protected:
  void SetUp() override { make_clip(clip); }
  const TempDir dir;
  const std::filesystem::path clip = dir / "clip.avi";
};

TEST_F(Thumbs, AreTakenOfEveryFrame) {
  const auto result = thumbnails_of(clip);
  EXPECT_EQ(result.pictures.shape(), (Shape{30, 16, 16}));
  ASSERT_EQ(result.times.size(), 30U);
  EXPECT_NEAR(result.times[7], 0.7, 1e-6);
  EXPECT_EQ(result.frames, 30U);
  EXPECT_EQ(result.damage, "");
}

TEST_F(Thumbs, AreAtMostSoManyASecond) {
  EXPECT_EQ(thumbnails_of(clip, {.most_per_second = 5}).times.size(), 15U);
}

TEST_F(Thumbs, EndAfterTheLongest) {
  EXPECT_EQ(thumbnails_of(clip, {.longest = 1}).times.size(), 10U);
}

TEST_F(Thumbs, AreThoseOfTheSpan) {
  const auto result = thumbnails_of({clip, 1, 2});
  ASSERT_EQ(result.times.size(), 10U);
  EXPECT_NEAR(result.times.front(), 1, 1e-6);
}

TEST_F(Thumbs, OfASpanBehindTheEndAreAClipError) {
  EXPECT_THROW((void)thumbnails_of({clip, 9, 10}), ClipError);
}

TEST_F(Thumbs, TellOfDamagedPackets) {
  testing::overwrite_packets(clip, 12, 15);
  const auto result = thumbnails_of(clip);
  EXPECT_FALSE(result.times.empty());
  EXPECT_NE(result.damage, "");
}

TEST_F(Thumbs, OfJunkAreAClipError) {
  testing::write_text(dir / "junk.avi", "no video");
  EXPECT_THROW((void)thumbnails_of(dir / "junk.avi"), ClipError);
}

TEST_F(Thumbs, RefuseARateOfNone) {
  EXPECT_THROW((void)thumbnails_of(clip, {.most_per_second = 0}), UsageError);
}

/// A grey frame of a ramp from left to right that is 0 to 255 over the whole width.
Owned<AVFrame> ramp(int width, int height) {
  auto frame = make_picture(width, height, AV_PIX_FMT_GRAY8);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      frame->data[0][std::ptrdiff_t{y} * frame->linesize[0] + x] =
          static_cast<std::uint8_t>((2 * x + 1) * 255 / (2 * width));
    }
  }
  return frame;
}

class ThumbnailOfWidth : public ::testing::TestWithParam<int> {};

TEST_P(ThumbnailOfWidth, IsThatOfTheScaledPicture) {
  CellAverager averager;
  const auto frame = ramp(GetParam(), 23);
  const Thumbnail* picture = averager.run(*frame, {});
  ASSERT_NE(picture, nullptr);
  for (int column = 0; column < thumbnail_side; ++column) {
    EXPECT_NEAR((*picture)[static_cast<std::size_t>(column)],
                (2 * column + 1) * 255.0 / (2 * thumbnail_side), 1.5);
  }
}

INSTANTIATE_TEST_SUITE_P(Each, ThumbnailOfWidth, ::testing::Values(16, 90, 180, 321, 1920));

TEST(Thumbnail, OfASmallPictureRepeatsItsPixels) {
  CellAverager averager;
  const auto frame = ramp(8, 8);
  const Thumbnail& picture = *averager.run(*frame, {});
  EXPECT_EQ(picture[0], picture[1]);
  EXPECT_LT(picture[1], picture[2]);
}

TEST(Thumbnail, IsTurnedAsTheFrameIs) {
  CellAverager averager;
  const auto frame = ramp(64, 64);
  const Thumbnail picture = *averager.run(*frame, {.transpose = true});
  EXPECT_EQ(picture[0], picture[1]);
  EXPECT_LT(picture[0], picture[thumbnail_side]);
}

TEST(ThumbnailsOfRealClips, NameTheDamagedOneOnly) {
  VIDCLASS_NEED_SHARED_DATA();
  for (const auto& file :
       std::filesystem::directory_iterator(testing::shared_data() / "robustness")) {
    const bool damaged = !thumbnails_of(file.path()).damage.empty();
    EXPECT_EQ(damaged, file.path().filename() == "corrupted_h264.mp4") << file.path();
  }
}

}  // namespace
}  // namespace vidclass::video
