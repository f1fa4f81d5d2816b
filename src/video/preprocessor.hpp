// From a decoded frame to the square picture that a network reads.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

#include "video/bilinear.hpp"
#include "video/clip_settings.hpp"
#include "video/crop.hpp"
#include "video/orientation.hpp"
#include "video/scaler.hpp"

namespace vidclass::video {

/// Frames may change their size, format and colours from one to the next. One thread
/// at a time.
class Preprocessor {
public:
  /// `path` is named in errors.
  Preprocessor(std::filesystem::path path, Preprocess kind, int size, Orientation of_stream);

  /// Writes size * size * 3 bytes of RGB: the square (under Preprocess::keras always the one
  /// in the middle). Throws ClipError if the frame's pixel format cannot be converted.
  void run(const AVFrame& frame, Square square, std::span<std::uint8_t> target);

private:
  void run_standard(const AVFrame& frame, Square square, Orientation orientation,
                    std::uint8_t* target);
  void run_keras(const AVFrame& frame, Orientation orientation, std::uint8_t* target);
  const AVFrame& to_rgb(const AVFrame& frame, int width, int height);

  std::filesystem::path path_;
  Preprocess kind_;
  int size_;
  Orientation of_stream_;
  Scaler scaler_;
  Owned<AVFrame> cropped_ = make_frame();
  std::vector<std::uint8_t> turned_;
};

/// The part of a picture that keras.io's "Video Classification with a CNN-RNN
/// Architecture" keeps (crop_center_square): the shorter side, from
/// side // 2 - shorter // 2 on.
[[nodiscard]] RgbView crop_center_square(RgbView picture) noexcept;

}  // namespace vidclass::video
