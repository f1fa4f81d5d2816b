#include "video/preprocessor.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "vidclass/error.hpp"
#include "video/crop.hpp"
#include "video/interleave.hpp"

namespace vidclass::video {
namespace {

/// swscale's bicubic filter widens when it shrinks, so it does not alias.
constexpr int standard_flags =
    SWS_BICUBIC | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT | SWS_FULL_CHR_H_INP;

/// From AV_PIX_FMT_GBRP to packed RGB without gaps.
void interleave(const AVFrame& planes, std::uint8_t* target) {
  for (int y = 0; y < planes.height; ++y, target += std::ptrdiff_t{3} * planes.width) {
    const auto row = [&](int plane) {
      return planes.data[plane] + std::ptrdiff_t{y} * planes.linesize[plane];
    };
    interleave_row(row(2), row(0), row(1), planes.width, target);
  }
}

}  // namespace

Preprocessor::Preprocessor(std::filesystem::path path, Preprocess kind, int size,
                           Orientation of_stream)
    : path_(std::move(path)),
      kind_(kind),
      size_(size),
      of_stream_(of_stream),
      scaler_(kind == Preprocess::standard
                  ? Scaler(AV_PIX_FMT_GBRP, standard_flags, ColourRule::by_frame)
                  : Scaler(AV_PIX_FMT_RGB24, SWS_BICUBIC, ColourRule::swscale_default)) {}

void Preprocessor::run(const AVFrame& frame, Square square, std::span<std::uint8_t> target) {
  const Orientation orientation = orientation_of(frame, of_stream_);
  if (kind_ == Preprocess::standard) {
    run_standard(frame, square, orientation, target.data());
  } else {
    run_keras(frame, orientation, target.data());
  }
}

void Preprocessor::run_standard(const AVFrame& frame, Square square, Orientation orientation,
                                std::uint8_t* target) {
  crop_to_square(frame, square, *cropped_);
  // Into planes: swscale has vector code for these, gives the same values, and is four
  // times as quick as into packed RGB.
  const AVFrame& planes = to_rgb(*cropped_, size_, size_);
  av_frame_unref(cropped_.get());
  if (orientation.upright()) {
    interleave(planes, target);
    return;
  }
  turned_.resize(static_cast<std::size_t>(size_) * static_cast<std::size_t>(size_) * 3);
  interleave(planes, turned_.data());
  // A square turns about its centre, so it may be turned after it is cropped.
  copy_oriented(turned_.data(), std::ptrdiff_t{3} * size_, size_, size_, orientation, target);
}

void Preprocessor::run_keras(const AVFrame& frame, Orientation orientation, std::uint8_t* target) {
  const AVFrame& rgb = to_rgb(frame, frame.width, frame.height);
  RgbView picture{rgb.data[0], rgb.linesize[0], frame.width, frame.height};
  if (!orientation.upright()) {
    turned_.resize(static_cast<std::size_t>(frame.width) * static_cast<std::size_t>(frame.height) *
                   3);
    copy_oriented(picture.data, picture.stride, picture.width, picture.height, orientation,
                  turned_.data());
    if (orientation.transpose) std::swap(picture.width, picture.height);
    picture.data = turned_.data();
    picture.stride = std::ptrdiff_t{3} * picture.width;
  }
  resize_bilinear(crop_center_square(picture), size_, size_, target);
}

const AVFrame& Preprocessor::to_rgb(const AVFrame& frame, int width, int height) {
  const AVFrame* rgb = scaler_.run(frame, width, height);
  if (rgb) return *rgb;
  const char* name = av_get_pix_fmt_name(static_cast<AVPixelFormat>(frame.format));
  throw ClipError(path_, std::string("pixel format ") + (name ? name : "unknown") +
                             " cannot be converted to RGB");
}

RgbView crop_center_square(RgbView picture) noexcept {
  const int side = std::min(picture.width, picture.height);
  const int x = picture.width / 2 - side / 2;
  const int y = picture.height / 2 - side / 2;
  return {picture.data + y * picture.stride + std::ptrdiff_t{3} * x, picture.stride, side, side};
}

}  // namespace vidclass::video
