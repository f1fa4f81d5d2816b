// What a clip says of itself.
#pragma once

#include <filesystem>
#include <string>

#include "video/clip_source.hpp"
#include "video/limits.hpp"

namespace vidclass::video {

struct ClipInfo {
  std::string container;  // FFmpeg's short name, "avi"
  std::string codec;      // FFmpeg's name, "mpeg4"
  int width = 0;          // pixels as shown, after rotation
  int height = 0;
  int rotation = 0;       // degrees clockwise that players turn the picture: 0, 90, 180, 270
  double frame_rate = 0;  // frames/s, average as the file states it; 0 if unknown
  double duration = 0;    // seconds as the file states it; 0 if unknown
  long long frames = 0;   // as the file states it; 0 if unknown
};

/// Opens the file, or its bytes, finds its best video stream and reads its parameters;
/// decodes nothing. Of a folder of frames it decodes the first picture that can be: the
/// container is "pictures". Of frames that the caller decoded, container and codec are "frames".
/// The span of a clip is not looked at; of the limits, Limits::allow_codecs alone. Throws ClipError
/// with the reason.
[[nodiscard]] ClipInfo probe(const ClipSource& source, const Limits& limits = {});

/// File name endings (with the dot, lower case) that are taken for videos when
/// a folder is searched.
[[nodiscard]] bool has_video_extension(const std::filesystem::path& path);

}  // namespace vidclass::video
