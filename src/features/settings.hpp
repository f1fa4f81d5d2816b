// Everything that changes the numbers of a clip's features.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "backbone/backbone.hpp"
#include "video/clip_settings.hpp"

namespace vidclass::features {

/// What is wanted of clips.
struct Streams {
  bool appearance = true;  // the network's features of frames
  bool motion = false;     // a description of what moves (motion/cuboids.hpp)
};

struct FeatureSettings {
  video::ClipSettings clip;
  backbone::BackboneInfo backbone;
  /// Features are rounded to float16 and stored at half the size.
  bool half = false;
  Streams streams = {};
};

/// The name of a cache entry: SHA-256 (hexadecimal) over the clip's content
/// (its SHA-256), the span of it (as in video::ClipSource) and every setting that
/// changes the numbers of the network's features.
[[nodiscard]] std::string cache_key(std::string_view content_sha256,
                                    const FeatureSettings& settings, double start = 0,
                                    std::optional<double> end = std::nullopt);
/// The same of the entry with its cuboids, which are kept by themselves: networks share them.
[[nodiscard]] std::string motion_key(std::string_view content_sha256,
                                     const FeatureSettings& settings, double start = 0,
                                     std::optional<double> end = std::nullopt);

}  // namespace vidclass::features
