// Which frames of a larger set make one sequence: a set is cut into equal parts, and one
// frame of each is taken.
#pragma once

#include <cstddef>
#include <random>
#include <vector>

namespace vidclass::video {

/// Of `available` frames, those in the middle of `frames` equal parts: ascending indices,
/// min(frames, available) of them.
[[nodiscard]] std::vector<std::size_t> middle_frames(std::size_t available, std::size_t frames);

/// The same with a random one of each part, drawn evenly. For training on the larger set
/// that Sampling::segment keeps (Temporal Segment Networks, Wang et al. 2016, section 3.1).
/// The same generator gives the same indices on every platform.
[[nodiscard]] std::vector<std::size_t> draw_frames(std::size_t available, std::size_t frames,
                                                   std::mt19937_64& random);

/// `views` sequences, spread evenly over the parts: with V views of F frames from V F
/// available ones, view v has the frames v, v + V, v + 2 V and so on.
[[nodiscard]] std::vector<std::vector<std::size_t>> spread_views(std::size_t available,
                                                                 std::size_t frames,
                                                                 std::size_t views);

}  // namespace vidclass::video
