// What is random in fine-tuning: decided by seeds, so that it belongs to a clip and an
// epoch, whichever rank works on it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

namespace vidclass::torch {

/// A seed of its own for each pair (a, b) under `seed`: splitmix64's mixing function
/// (Steele et al. 2014) applied in turn.
[[nodiscard]] std::uint64_t draw_seed(std::uint64_t seed, std::uint64_t a, std::uint64_t b);

/// 0 to count - 1 in random order.
[[nodiscard]] std::vector<std::size_t> shuffled(std::size_t count, std::uint64_t seed);

/// `wanted` of `count` frames in order of time, one drawn from each of as many equal
/// spans; all where there are no more than that.
[[nodiscard]] std::vector<std::int64_t> drawn_frames(std::int64_t count, std::int64_t wanted,
                                                     std::mt19937_64& random);

}  // namespace vidclass::torch
