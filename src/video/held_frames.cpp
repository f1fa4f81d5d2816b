#include "video/held_frames.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <new>

#include "vidclass/error.hpp"
#include "video/motion_map.hpp"
#include "video/moving_square.hpp"

namespace vidclass::video {
namespace {

constexpr int grey_side = 240;

/// The size of a frame whose shorter side is made `side` pixels.
std::pair<int, int> reduced(const AVFrame& frame, int side) {
  const double scale = static_cast<double>(side) / std::min(frame.width, frame.height);
  const auto length = [scale](int pixels) {
    return std::max(1, static_cast<int>(std::lround(pixels * scale)));
  };
  return {length(frame.width), length(frame.height)};
}

Owned<AVFrame> reference_to(const AVFrame& frame) {
  Owned<AVFrame> reference = make_frame();
  if (av_frame_ref(reference.get(), &frame) < 0) throw std::bad_alloc();
  return reference;
}

/// Another picture in the place of `source`'s, which may be turned and has its colours.
Owned<AVFrame> copy_of(const AVFrame& picture, const AVFrame& source) {
  Owned<AVFrame> copy =
      make_picture(picture.width, picture.height, static_cast<AVPixelFormat>(picture.format));
  if (av_frame_copy(copy.get(), &picture) < 0 || av_frame_copy_props(copy.get(), &source) < 0) {
    throw std::bad_alloc();
  }
  return copy;
}

}  // namespace

HeldFrames::HeldFrames(std::filesystem::path path, std::size_t count, int size)
    : path_(std::move(path)),
      size_(size),
      pictures_(count),
      greys_(count),
      to_grey_(AV_PIX_FMT_GRAY8, SWS_AREA, ColourRule::by_frame) {}

void HeldFrames::hold_picture(std::size_t place, const AVFrame& frame) {
  // A square of a third of the picture still has about as many pixels as are made of it.
  const int enough = 2 * size_;
  const auto format = static_cast<AVPixelFormat>(frame.format);
  const bool smaller = std::min(frame.width, frame.height) > enough &&
                       sws_isSupportedInput(format) && sws_isSupportedOutput(format);
  if (!smaller) {
    pictures_.at(place) = reference_to(frame);
    return;
  }
  if (!reducer_ || reduced_format_ != format) {
    reducer_.emplace(format, SWS_BICUBIC | SWS_ACCURATE_RND, ColourRule::swscale_default);
    reduced_format_ = format;
  }
  const auto [width, height] = reduced(frame, enough);
  const AVFrame* picture = reducer_->run(frame, width, height);
  pictures_.at(place) = picture ? copy_of(*picture, frame) : reference_to(frame);
}

void HeldFrames::hold_grey(std::size_t place, const AVFrame& frame) {
  const auto [width, height] = reduced(frame, std::min({grey_side, frame.width, frame.height}));
  const AVFrame* grey = to_grey_.run(frame, width, height);
  if (!grey) throw ClipError(path_, "its pixel format cannot be converted to grey");
  greys_.at(place) = copy_of(*grey, frame);
}

Square HeldFrames::find_square(std::span<const std::pair<std::size_t, std::size_t>> pairs) {
  Scaler small(AV_PIX_FMT_GRAY8, SWS_AREA, ColourRule::by_frame);
  const AVFrame& first = *greys_.at(pairs.front().first);
  const double aspect = pixel_aspect(first);
  return moving_square_of(
      pairs, greys_.size(),
      [&](std::size_t place) { return grey_thumbnail(small, *greys_.at(place), square_grid); },
      first.width * aspect, first.height);
}

}  // namespace vidclass::video
