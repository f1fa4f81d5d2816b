#include "dataset/light.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace vidclass::dataset {
namespace {

/// From limited range.
int full_range(int luma) { return std::clamp((luma - 16) * 255 / 219, 0, 255); }

}  // namespace

Light light_of(const Fingerprint& clip) {
  std::array<std::size_t, 256> counts{};
  for (const std::uint8_t cell : clip.pictures) ++counts[cell];
  /// The value that this share of the cells does not exceed.
  const auto quantile = [&](double share) {
    const double most = share * static_cast<double>(clip.pictures.size());
    std::size_t below = 0;
    int value = 0;
    for (; value < 255; ++value) {
      below += counts[static_cast<std::size_t>(value)];
      if (static_cast<double>(below) >= most) break;
    }
    return full_range(value);
  };
  return {.bright = quantile(0.9), .contrast = quantile(0.98) - quantile(0.02)};
}

}  // namespace vidclass::dataset
