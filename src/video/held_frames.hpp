// Frames that wait until it is known which part of them is kept.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "video/crop.hpp"
#include "video/scaler.hpp"

namespace vidclass::video {

/// Whole frames of a clip, no larger than is needed of them. One thread at a time.
class HeldFrames {
public:
  /// Places for `count` frames, of which squares of `size` pixels will be made; `path` is named
  /// in errors.
  HeldFrames(std::filesystem::path path, std::size_t count, int size);

  /// Throws ClipError if the frame's pixel format cannot be converted.
  void hold_picture(std::size_t place, const AVFrame& frame);
  void hold_grey(std::size_t place, const AVFrame& frame);

  [[nodiscard]] const AVFrame& picture(std::size_t place) const { return *pictures_.at(place); }
  /// In grey; of more than 240 pixels only as many on the shorter side.
  [[nodiscard]] const AVFrame& grey(std::size_t place) const { return *greys_.at(place); }

  /// The square about what moves between the frames of each pair of places, see
  /// moving_square().
  [[nodiscard]] Square find_square(std::span<const std::pair<std::size_t, std::size_t>> pairs);

private:
  std::filesystem::path path_;
  int size_;
  std::vector<Owned<AVFrame>> pictures_;
  std::vector<Owned<AVFrame>> greys_;
  Scaler to_grey_;
  // Of large frames to smaller ones of the same pixel format; kept while that stays the same.
  std::optional<Scaler> reducer_;
  AVPixelFormat reduced_format_ = AV_PIX_FMT_NONE;
};

}  // namespace vidclass::video
