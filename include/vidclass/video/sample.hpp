// From a video file to the frames that a network reads.
#pragma once

#include <filesystem>
#include <vector>

#include "vidclass/core/cancellation.hpp"
#include "vidclass/core/tensor.hpp"
#include "vidclass/video/clip_settings.hpp"

namespace vidclass::video {

struct SampledClip {
  /// uint8, [T, size, size, 3], RGB in 0..255, in order of presentation;
  /// 1 <= T <= ClipSettings::frames.
  Tensor frames;
  /// Presentation times in seconds after the clip's first frame; T values.
  std::vector<double> times;
};

/// Decodes the file in order with one thread and converts only the frames that
/// are kept. Throws ClipError with the reason when the file holds no frame that
/// can be decoded; a file that breaks off or is damaged in part gives the frames
/// that it has. Thread-safe: several clips may be sampled at once.
[[nodiscard]] SampledClip sample_clip(const std::filesystem::path& path,
                                      const ClipSettings& settings,
                                      const CancellationToken& cancel = {});

}  // namespace vidclass::video
