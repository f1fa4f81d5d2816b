// The vectors of features that a frame gets.
#pragma once

#include "vidclass/tensor.hpp"

namespace vidclass::backbone {

/// Vectors of each frame, float32 [N, D], or [N, M] of the map in the middle; what was not asked
/// for is empty.
struct PooledFeatures {
  /// The plain average over the positions of the network's last map.
  Tensor avg{};
  /// The average weighted by the frame's motion map: what moves, not the scene.
  Tensor motion{};
  /// The same of the map in the middle.
  Tensor middle{};
  Tensor middle_motion{};
};

/// One of these vectors.
struct Pooling {
  const char* name;  // of the graph's output, and of the array that is kept
  Tensor PooledFeatures::*features;
  bool weighted;  // by motion
  bool middle;    // of the map in the middle
};

/// In the order in which heads read them.
inline constexpr Pooling poolings[] = {
    {"avg", &PooledFeatures::avg, false, false},
    {"motion", &PooledFeatures::motion, true, false},
    {"middle", &PooledFeatures::middle, false, true},
    {"middle_motion", &PooledFeatures::middle_motion, true, true},
};

}  // namespace vidclass::backbone
