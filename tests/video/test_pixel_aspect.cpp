// Pixels that are not square.
#include <gtest/gtest.h>

#include "support/temp_dir.hpp"
#include "video/clip_reader.hpp"
#include "video/crop.hpp"
#include "video/ffmpeg.hpp"
#include "video/recording_maker.hpp"
#include "video/sample.hpp"

namespace vidclass::video {
namespace {

/// The part of a grey 720 x 576 picture that the square in the middle has.
Owned<AVFrame> middle_of(int across, int down, AVRational aspect) {
  const Owned<AVFrame> frame = make_picture(across, down, AV_PIX_FMT_YUV420P);
  frame->sample_aspect_ratio = aspect;
  Owned<AVFrame> cropped = make_frame();
  crop_to_square(*frame, {}, *cropped);
  return cropped;
}

TEST(PixelAspect, OfWidePixelsGivesASquareOfFewerThanItIsHigh) {
  const Owned<AVFrame> square = middle_of(720, 576, {64, 45});
  EXPECT_EQ(square->width, 404);  // 576 * 45 / 64, in pairs
  EXPECT_EQ(square->height, 576);
}

TEST(PixelAspect, OfNarrowPixelsGivesASquareOfTheWholeWidth) {
  const Owned<AVFrame> square = middle_of(720, 576, {1, 2});
  EXPECT_EQ(square->width, 720);
  EXPECT_EQ(square->height, 360);
}

TEST(PixelAspect, ChangesNothingWhereItIsUnknownOrDamaged) {
  for (const AVRational aspect : {AVRational{0, 1}, {1, 1}, {1, 0}, {255, 1}, {-4, 3}}) {
    const Owned<AVFrame> square = middle_of(720, 576, aspect);
    EXPECT_EQ(square->width, 576) << aspect.num;
    EXPECT_EQ(square->height, 576) << aspect.num;
  }
}

TEST(PixelAspect, IsPartOfTheWindowThatIsSeen) {
  const Owned<AVFrame> frame = make_picture(720, 576, AV_PIX_FMT_YUV420P);
  frame->sample_aspect_ratio = {64, 45};
  const Window window = shown_window(*frame, {}, {});
  EXPECT_NEAR(window.width * 1024, window.height * 576, 2);
}

struct AnamorphicClip {
  const char* encoder;
  const char* name;
};

class AnamorphicClips : public ::testing::TestWithParam<AnamorphicClip> {
protected:
  [[nodiscard]] std::filesystem::path path(int pixel_width, int pixel_height) const {
    testing::make_recording(dir_ / GetParam().name, {.encoder = GetParam().encoder,
                                                     .frames = 4,
                                                     .width = 160,
                                                     .height = 128,
                                                     .pixel_width = pixel_width,
                                                     .pixel_height = pixel_height});
    return dir_ / GetParam().name;
  }

private:
  testing::TempDir dir_;
};

TEST_P(AnamorphicClips, AreShownWithSquarePixels) {
  const ClipReader wide(path(16, 11));
  EXPECT_EQ(wide.width(), 233);
  EXPECT_EQ(wide.height(), 128);
  const ClipReader narrow(path(8, 9));
  EXPECT_EQ(narrow.width(), 160);
  EXPECT_EQ(narrow.height(), 144);
}

TEST_P(AnamorphicClips, AreSeenAsShown) {
  const Window window =
      sample_clip(path(16, 11), {.frames = 2, .size = 32, .crop = Crop::centre}).window;
  EXPECT_NEAR(window.width * 160 * 16 / 11, 128, 2);
  EXPECT_DOUBLE_EQ(window.height, 1);
}

TEST_P(AnamorphicClips, AreSeenAsOpenCvReadsThemUnderKeras) {
  const Tensor anamorphic =
      sample_clip(path(16, 11), {.frames = 2, .preprocess = Preprocess::keras, .size = 32}).frames;
  const Tensor square =
      sample_clip(path(1, 1), {.frames = 2, .preprocess = Preprocess::keras, .size = 32}).frames;
  EXPECT_TRUE(std::equal(anamorphic.bytes().begin(), anamorphic.bytes().end(),
                         square.bytes().begin(), square.bytes().end()));
}

INSTANTIATE_TEST_SUITE_P(All, AnamorphicClips,
                         ::testing::Values(AnamorphicClip{"mpeg4", "clip.avi"},
                                           AnamorphicClip{"libx264", "clip.mp4"},
                                           AnamorphicClip{"mpeg4", "clip.mkv"}),
                         [](const auto& test) { return std::string(test.param.name).substr(5); });

}  // namespace
}  // namespace vidclass::video
