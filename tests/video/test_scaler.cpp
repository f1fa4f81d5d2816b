#include <gtest/gtest.h>

#include <array>
#include <cstring>

#include "video/scaler.hpp"

namespace vidclass::video {
namespace {

using Colour = std::array<int, 3>;

struct Yuv {
  int y = 0;
  int u = 128;
  int v = 128;
};

Owned<AVFrame> picture_of(const Yuv& colour, AVColorSpace matrix, AVColorRange range,
                          AVPixelFormat format = AV_PIX_FMT_YUV420P, int side = 16) {
  Owned<AVFrame> frame = make_picture(side, side, format);
  const std::array<int, 3> values{colour.y, colour.u, colour.v};
  const int chroma_rows = format == AV_PIX_FMT_YUV444P ? side : side / 2;
  for (std::size_t plane = 0; plane < 3; ++plane) {
    const int rows = plane == 0 ? side : chroma_rows;
    std::memset(frame->data[plane], values[plane],
                static_cast<std::size_t>(rows * frame->linesize[plane]));
  }
  frame->colorspace = matrix;
  frame->color_range = range;
  return frame;
}

Colour shown(Scaler& scaler, const AVFrame& frame) {
  const AVFrame* rgb = scaler.run(frame, 16, 16);
  const std::uint8_t* pixel = rgb->data[0] + std::ptrdiff_t{8} * rgb->linesize[0] + 8 * 3;
  return {pixel[0], pixel[1], pixel[2]};
}

Scaler scaler(ColourRule rule = ColourRule::by_frame) {
  return Scaler(AV_PIX_FMT_RGB24, SWS_BICUBIC | SWS_ACCURATE_RND, rule);
}

void expect_near(const Colour& given, const Colour& wanted) {
  for (std::size_t i = 0; i < 3; ++i) EXPECT_NEAR(given[i], wanted[i], 4) << "channel " << i;
}

// Red in 8-bit limited range, from the luma weights of BT.601 and BT.709.
constexpr Yuv red_601{81, 90, 240};
constexpr Yuv red_709{63, 102, 240};

TEST(Scaler, TakesBt601WhereTheFrameNamesNoMatrix) {
  Scaler convert = scaler();
  expect_near(shown(convert, *picture_of(red_601, AVCOL_SPC_UNSPECIFIED, AVCOL_RANGE_UNSPECIFIED)),
              {255, 0, 0});
}

TEST(Scaler, ObeysBt709) {
  Scaler convert = scaler();
  expect_near(shown(convert, *picture_of(red_709, AVCOL_SPC_BT709, AVCOL_RANGE_MPEG)), {255, 0, 0});
}

TEST(Scaler, ObeysFullRange) {
  Scaler convert = scaler();
  expect_near(shown(convert, *picture_of({16}, AVCOL_SPC_BT709, AVCOL_RANGE_JPEG)), {16, 16, 16});
}

TEST(Scaler, StretchesLimitedRange) {
  Scaler convert = scaler();
  expect_near(shown(convert, *picture_of({16}, AVCOL_SPC_BT709, AVCOL_RANGE_MPEG)), {0, 0, 0});
  expect_near(shown(convert, *picture_of({235}, AVCOL_SPC_BT709, AVCOL_RANGE_MPEG)),
              {255, 255, 255});
}

TEST(Scaler, TakesTheYuvjFormatsAsFullRange) {
  for (const ColourRule rule : {ColourRule::by_frame, ColourRule::swscale_default}) {
    Scaler convert = scaler(rule);
    const auto frame =
        picture_of({16}, AVCOL_SPC_UNSPECIFIED, AVCOL_RANGE_UNSPECIFIED, AV_PIX_FMT_YUVJ420P);
    expect_near(shown(convert, *frame), {16, 16, 16});
  }
}

TEST(Scaler, LooksAtNeitherMatrixNorRangeWhenItFollowsOpenCv) {
  Scaler convert = scaler(ColourRule::swscale_default);
  expect_near(shown(convert, *picture_of(red_601, AVCOL_SPC_BT709, AVCOL_RANGE_JPEG)), {255, 0, 0});
}

TEST(Scaler, FollowsFramesThatChangeFromOneToTheNext) {
  Scaler convert = scaler();
  expect_near(shown(convert, *picture_of({16}, AVCOL_SPC_BT709, AVCOL_RANGE_JPEG)), {16, 16, 16});
  expect_near(shown(convert, *picture_of({16}, AVCOL_SPC_BT709, AVCOL_RANGE_MPEG)), {0, 0, 0});
  expect_near(
      shown(convert, *picture_of({235}, AVCOL_SPC_BT709, AVCOL_RANGE_MPEG, AV_PIX_FMT_YUV444P, 32)),
      {255, 255, 255});
}

TEST(Scaler, SaysWhenItCannotReadAFormat) {
  Scaler convert = scaler();
  const auto frame = picture_of({16}, AVCOL_SPC_BT709, AVCOL_RANGE_MPEG);
  frame->format = AV_PIX_FMT_VAAPI;
  EXPECT_EQ(convert.run(*frame, 16, 16), nullptr);
}

}  // namespace
}  // namespace vidclass::video
