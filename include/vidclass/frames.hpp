// Frames of clips, as a network takes them, without a network.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "vidclass/clip.hpp"
#include "vidclass/export.hpp"
#include "vidclass/hooks.hpp"
#include "vidclass/options.hpp"
#include "vidclass/tensor.hpp"

namespace vidclass {

/// Which frames, and how they are made ready; as in FeatureOptions.
struct FrameOptions {
  int size = 224;   // side of the square frames in pixels, 1 to 8192
  int frames = 20;  // of a clip, 1 to 10000; shorter clips give those that they have
  Sampling sampling = Sampling::uniform;
  int stride = 1;
  int candidates = 3;  // segment: so many times `frames` are read
  double fps = 0;
  Crop crop = Crop::centre;
  Preprocess preprocess = Preprocess::standard;
};

struct ClipFrames {
  /// Uint8 [T, size, size, 3], RGB, in order of time. Empty if the clip is unusable.
  Tensor frames;
  /// T values: when each is shown, in seconds after the file's first frame.
  std::vector<double> times;
  /// What whoever uses the clip should know of it, such as that it breaks off; empty for most.
  std::string note;
  std::string error;  // why the clip is unusable, else empty
};

/// Throws ClipError with the reason if the clip cannot be used, UsageError for options out of
/// range, Cancelled. Decodes with one thread. Thread-safe.
[[nodiscard]] VIDCLASS_EXPORT ClipFrames read_frames(const ClipSource& clip,
                                                     const FrameOptions& options = {},
                                                     const Limits& limits = {},
                                                     const CancellationToken& cancel = {});
/// One element a clip, in the order given; MachineOptions::threads clips are decoded at once.
/// Unusable clips have an error.
[[nodiscard]] VIDCLASS_EXPORT std::vector<ClipFrames> read_frames(
    std::span<const ClipSource> clips, const FrameOptions& options = {},
    const MachineOptions& machine = {}, const Hooks& hooks = {});

}  // namespace vidclass
