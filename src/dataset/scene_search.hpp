// Which clips were filmed in one place, told by what they look like.
#pragma once

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "core/progress.hpp"
#include "dataset/fingerprint.hpp"
#include "vidclass/hooks.hpp"

namespace vidclass::dataset {

/// What tells where a clip was filmed.
struct SceneView {
  /// A network's features of a few frames, averaged; the same number in all clips.
  std::vector<float> look;
  /// ground_of() the clip.
  std::vector<float> ground;
};

/// What rests in a clip: the median of each of its fingerprint_pixels, in grey levels.
[[nodiscard]] std::vector<float> ground_of(const Fingerprint& clip);

struct Scenes {
  std::vector<std::size_t> scene_of;  // of each clip, numbered from 0 by their first clips
  /// Numbered likewise. A recording is a part of a scene, and that of a place, which is drawn more
  /// coarsely: so that clips of two places are hardly from one.
  std::vector<std::size_t> recording_of;
  std::vector<std::size_t> place_of;
};

/// Two clips seem to be of one scene by their looks (cosine above 0.8) or by the edges of their
/// grounds (cosine above 0.65, shifted by up to two cells), whichever speaks the louder;
/// average_linkage() takes it from there, and for places to a lower limit. They seem to be cut from
/// one recording where both agree closely (above 0.88 and 0.75) and the grounds differ by less than
/// 10 grey levels; whoever is so connected, and whoever is paired in `together`, is of one
/// recording. docs/scenes.md has how the figures were chosen. Throws Cancelled.
[[nodiscard]] Scenes find_scenes(std::span<const SceneView> clips,
                                 std::span<const std::pair<std::size_t, std::size_t>> together,
                                 int threads, const ProgressFunction& progress = {},
                                 const CancellationToken& cancel = {});

}  // namespace vidclass::dataset
