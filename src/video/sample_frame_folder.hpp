// Sampling a folder of numbered pictures.
#pragma once

#include "video/frame_folder.hpp"
#include "video/sample.hpp"

namespace vidclass::video {

/// As sample_clip(). A picture that cannot be decoded is left out, and the frames are
/// chosen again from the others.
[[nodiscard]] SampledClip sample_frame_folder(const ClipSource& source,
                                              const ClipSettings& settings,
                                              const CancellationToken& cancel,
                                              const Limits& limits, Parts parts = {});

}  // namespace vidclass::video
