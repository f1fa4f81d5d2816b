// From a clip to the frames that a network reads.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "vidclass/hooks.hpp"
#include "vidclass/tensor.hpp"
#include "video/clip_settings.hpp"
#include "video/clip_source.hpp"
#include "video/grey_runs.hpp"
#include "video/limits.hpp"

namespace vidclass::video {

/// A part of the picture as it is shown, all as shares of its width and height: square as
/// shown, not in these numbers.
struct Window {
  double left = 0;
  double top = 0;
  double width = 1;
  double height = 1;
};

/// What is wanted of a clip: it is decoded once for all of it.
struct Parts {
  bool frames = true;  // for a network: all of SampledClip but `greys`
  bool greys = false;  // for optical flow: SampledClip::greys
};

struct SampledClip {
  /// uint8, [T, size, size, 3], RGB in 0..255, in order of presentation;
  /// 1 <= T <= most_frames(ClipSettings).
  Tensor frames;
  /// Presentation times in seconds after the file's first frame; T values.
  std::vector<double> times;
  /// The sequences to test with, ClipSettings::clips of them: ascending indices into
  /// `frames`, as many each and at most ClipSettings::frames.
  std::vector<std::vector<std::size_t>> views;
  /// float32 [T, g, g] for a ClipSettings::motion_grid of g, else empty: where each
  /// frame differs from the one shown about 0.07 s earlier (later, for those at the
  /// clip's start). Each map sums to 1; it is even where nothing moves or the clip has
  /// no second frame.
  Tensor motion;
  /// What `frames` show of the first one's picture, see Crop.
  Window window;
  /// Of Parts::greys, else empty.
  GreyRuns greys;
  /// What whoever uses the clip should know of it, a line without the path; empty for most.
  std::string note;
};

/// Decodes the file, or its bytes, in order with one thread and converts only the frames that
/// are kept; of frames that the caller decoded, the same are kept. Colours follow the file's matrix
/// and range (BT.601, limited range where it names none); under Preprocess::keras they are those of
/// OpenCV, which looks at neither. Frames are turned as the file's display matrix says, and pixels
/// that are not square (sample aspect ratio) are made so, but not under Preprocess::keras.
///
/// Of files, only local regular ones that hold their own content are opened: no addresses,
/// playlists or image sequences. Throws ClipError with the reason when the file is
/// none of these or holds no frame that can be decoded, or none in the span; a file that breaks off
/// or is damaged in part gives the frames that it has. Throws UsageError if the settings are out of
/// range, and Cancelled. Thread-safe: several clips may be sampled at once.
[[nodiscard]] SampledClip sample_clip(const ClipSource& source, const ClipSettings& settings,
                                      const CancellationToken& cancel = {},
                                      const Limits& limits = {}, Parts parts = {});

/// sample_clip(), or what does the same elsewhere.
using Sampler = std::function<SampledClip(const ClipSource&, const ClipSettings&,
                                          const CancellationToken&, const Limits&, Parts)>;

}  // namespace vidclass::video
