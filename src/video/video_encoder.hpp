// Which encoder writes a file of a given name.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "video/ffmpeg.hpp"

namespace vidclass::video {

struct EncoderChoice {
  const char* name;   // FFmpeg's
  const char* codec;  // as people call it
  AVPixelFormat pixels;
  /// Ticks of its clock in a second.
  int clock;
  /// Options by FFmpeg's names.
  std::vector<std::pair<const char*, const char*>> options;
};

/// The endings of names with what may write them, the best first; empty for other names.
[[nodiscard]] const std::vector<EncoderChoice>& encoders_for(const std::filesystem::path& path);

}  // namespace vidclass::video
