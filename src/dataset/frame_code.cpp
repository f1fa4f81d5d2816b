#include "dataset/frame_code.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <numbers>

#include "dataset/fingerprint.hpp"

namespace vidclass::dataset {
namespace {

constexpr std::size_t kept = 8;
constexpr std::size_t side = fingerprint_side;
/// Standard deviation over the picture, in grey levels, below which a frame counts as flat.
constexpr double flat = 3;

using Basis = std::array<std::array<float, side>, kept>;

Basis cosines() {
  Basis basis{};
  for (std::size_t u = 0; u < kept; ++u) {
    for (std::size_t x = 0; x < side; ++x) {
      basis[u][x] = static_cast<float>(std::cos(std::numbers::pi * (static_cast<double>(x) + 0.5) *
                                                static_cast<double>(u) / side));
    }
  }
  return basis;
}

bool is_flat(std::span<const std::uint8_t> picture) {
  double sum = 0;
  double squares = 0;
  for (const double value : picture) {
    sum += value;
    squares += value * value;
  }
  const double mean = sum / static_cast<double>(picture.size());
  return squares / static_cast<double>(picture.size()) - mean * mean < flat * flat;
}

}  // namespace

std::optional<std::uint64_t> frame_code(std::span<const std::uint8_t> picture) {
  if (is_flat(picture)) return std::nullopt;
  static const Basis basis = cosines();
  std::array<std::array<float, side>, kept> across{};  // [u][y]
  for (std::size_t u = 0; u < kept; ++u) {
    for (std::size_t y = 0; y < side; ++y) {
      float sum = 0;
      for (std::size_t x = 0; x < side; ++x) {
        sum += basis[u][x] * static_cast<float>(picture[y * side + x]);
      }
      across[u][y] = sum;
    }
  }
  std::uint64_t code = 0;
  for (std::size_t v = 0; v < kept; ++v) {
    for (std::size_t u = 0; u < kept; ++u) {
      if (u == 0 && v == 0) continue;
      float sum = 0;
      for (std::size_t y = 0; y < side; ++y) sum += basis[v][y] * across[u][y];
      if (sum > 0) code |= std::uint64_t{1} << (kept * v + u);
    }
  }
  return code;
}

}  // namespace vidclass::dataset
