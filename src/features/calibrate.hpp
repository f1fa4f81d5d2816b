// Calibrating a network for int8 on a user's own clips.
#pragma once

#include <cstddef>
#include <span>

#include "backbone/calibration.hpp"
#include "core/progress.hpp"
#include "vidclass/hooks.hpp"
#include "vidclass/tensor.hpp"
#include "video/clip_settings.hpp"
#include "video/clip_source.hpp"
#include "video/limits.hpp"

namespace vidclass::features {

/// Clips that a calibration looks at, at most.
inline constexpr std::size_t most_calibration_clips = 64;

/// About 128 frames of up to most_calibration_clips clips spread evenly over the list, at least two
/// a clip: uint8 [N, size, size, 3]. The same list gives the same frames. Clips that cannot be used
/// are passed over; throws Error when none can.
[[nodiscard]] Tensor calibration_frames(std::span<const video::ClipSource> clips,
                                        video::ClipSettings settings,
                                        const ProgressFunction& progress = {},
                                        const CancellationToken& cancel = {},
                                        const video::Limits& limits = {});

}  // namespace vidclass::features
