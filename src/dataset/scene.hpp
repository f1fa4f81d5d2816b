// The place of a generated clip: what all clips of a group have in common.
#pragma once

#include "core/random.hpp"
#include "dataset/picture.hpp"

namespace vidclass::dataset {

/// Pixels around the frame, so that the camera can shake.
constexpr int scene_margin = 6;

struct Scene {
  Picture background;  // the frame with scene_margin on each side
  Shape object;        // the one that acts; its place and size are set for each frame
  Shape bystander;     // stands still, in pixels of the frame
};

/// A scene for frames of `width` x `height` pixels.
[[nodiscard]] Scene make_scene(Random random, int width, int height);

}  // namespace vidclass::dataset
