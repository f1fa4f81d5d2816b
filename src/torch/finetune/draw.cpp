#include "torch/finetune/draw.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace vidclass::torch {
namespace {

std::uint64_t mixed(std::uint64_t value) {
  value += 0x9E3779B97F4A7C15ULL;
  value = (value ^ (value >> 30U)) * 0xBF58476D1CE4E5B9ULL;
  value = (value ^ (value >> 27U)) * 0x94D049BB133111EBULL;
  return value ^ (value >> 31U);
}

}  // namespace

std::uint64_t draw_seed(std::uint64_t seed, std::uint64_t a, std::uint64_t b) {
  return mixed(mixed(mixed(seed) + a) + b);
}

std::vector<std::size_t> shuffled(std::size_t count, std::uint64_t seed) {
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  // Not std::shuffle, whose result differs from one standard library to another.
  std::mt19937_64 random(seed);
  for (std::size_t left = count; left > 1; --left) {
    std::swap(order[left - 1], order[random() % left]);
  }
  return order;
}

std::vector<std::int64_t> drawn_frames(std::int64_t count, std::int64_t wanted,
                                       std::mt19937_64& random) {
  const std::int64_t spans = std::min(count, wanted);
  std::vector<std::int64_t> frames;
  for (std::int64_t span = 0; span < spans; ++span) {
    const std::int64_t first = span * count / spans;
    const std::int64_t last = (span + 1) * count / spans;
    frames.push_back(
        first + static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(last - first)));
  }
  return frames;
}

}  // namespace vidclass::torch
