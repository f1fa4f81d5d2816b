// From grey pictures to cuboids.
#pragma once

#include "motion/cuboids.hpp"
#include "vidclass/hooks.hpp"
#include "video/grey_runs.hpp"

namespace vidclass::motion {

/// Raise it when the same pictures give other cuboids.
inline constexpr int descriptor_version = 1;

/// Of pictures made 160 pixels high or wide, whichever is shorter, and of the square about what
/// moves made 160 x 160 pixels: at most 600 cuboids of each, drawn at random from all those in
/// which something moves, always the same ones. A cuboid has 4 x 4 cells of 8 x 8 pixels and 9
/// steps of 1/15 s, in 2 x 2 x 3 parts, and begins at every other cell and step (after Wang and
/// Schmid 2013, without tracks). Steps of another length count as if movement went on evenly. A
/// clip with fewer steps stays at its last one. Thread-safe. Throws Cancelled.
[[nodiscard]] Description describe(const video::GreyRuns& greys,
                                   const CancellationToken& cancel = {});

}  // namespace vidclass::motion
