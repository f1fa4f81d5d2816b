#include "video/moving_square.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "video/motion_map.hpp"

namespace vidclass::video {
namespace {

// Chosen by cross-validation, see docs/training.md.
constexpr double deviations_a_side = 3.5;
constexpr double least_side = 0.35;
constexpr double still_share = 0.6;

struct Spread {
  double middle = 0;
  double deviation = 0;
};

/// Of weights that lie evenly over 0 to 1.
Spread spread_of(const std::vector<double>& weights) {
  const auto count = static_cast<double>(weights.size());
  double sum = 0;
  double moment = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    sum += weights[i];
    moment += weights[i] * (static_cast<double>(i) + 0.5) / count;
  }
  const double middle = moment / sum;
  double square = sum / (12 * count * count);  // within a cell, over which its weight is even
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const double away = (static_cast<double>(i) + 0.5) / count - middle;
    square += weights[i] * away * away;
  }
  return {middle, std::sqrt(square / sum)};
}

}  // namespace

Square moving_square(std::span<const float> movement, std::size_t grid, double width,
                     double height) {
  std::vector<float> sorted(movement.begin(), movement.end());
  const auto still = sorted.begin() +
                     static_cast<std::ptrdiff_t>(still_share * static_cast<double>(sorted.size()));
  std::nth_element(sorted.begin(), still, sorted.end());
  std::vector<double> columns(grid);
  std::vector<double> rows(grid);
  double sum = 0;
  for (std::size_t i = 0; i < movement.size(); ++i) {
    const double moves = std::max(0.0F, movement[i] - *still);
    columns[i % grid] += moves;
    rows[i / grid] += moves;
    sum += moves;
  }
  if (!(sum > 0)) return {};
  const Spread across = spread_of(columns);
  const Spread down = spread_of(rows);
  const double side =
      deviations_a_side * std::max(across.deviation * width, down.deviation * height);
  return {across.middle, down.middle, std::clamp(side / std::min(width, height), least_side, 1.0)};
}

Square moving_square_of(std::span<const std::pair<std::size_t, std::size_t>> pairs,
                        std::size_t count,
                        const std::function<std::vector<std::uint8_t>(std::size_t place)>& picture,
                        double width, double height) {
  std::vector<std::vector<std::uint8_t>> pictures(count);
  const auto made = [&](std::size_t place) -> const std::vector<std::uint8_t>& {
    if (pictures[place].empty()) pictures[place] = picture(place);
    return pictures[place];
  };
  std::vector<float> movement(square_grid * square_grid);
  for (const auto& [first, second] : pairs) {
    const std::vector<float> shares =
        movement_shares(steadied_differences(made(first), made(second), square_grid));
    std::transform(movement.begin(), movement.end(), shares.begin(), movement.begin(),
                   [](float sum, float share) { return sum + share; });
  }
  return moving_square(movement, square_grid, width, height);
}

}  // namespace vidclass::video
