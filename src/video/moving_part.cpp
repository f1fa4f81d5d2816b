#include "video/moving_part.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "video/moving_square.hpp"

namespace vidclass::video {
namespace {

constexpr std::size_t reduced_side = 8 * square_grid;  // pixels, as motion maps take them
constexpr std::size_t most_pairs = 24;                 // more tell no more of where it moves

/// The mean over each cell of a grid of reduced_side x reduced_side.
std::vector<std::uint8_t> reduced_picture(std::span<const std::uint8_t> picture, std::size_t width,
                                          std::size_t height) {
  const auto edge = [](std::size_t cell, std::size_t length) {
    return cell * length / reduced_side;
  };
  std::vector<std::uint8_t> small;
  small.reserve(reduced_side * reduced_side);
  for (std::size_t row = 0; row < reduced_side; ++row) {
    const std::size_t top = edge(row, height);
    const std::size_t bottom = std::max(top + 1, edge(row + 1, height));
    for (std::size_t column = 0; column < reduced_side; ++column) {
      const std::size_t left = edge(column, width);
      const std::size_t right = std::max(left + 1, edge(column + 1, width));
      std::size_t sum = 0;
      for (std::size_t y = top; y < bottom; ++y) {
        for (std::size_t x = left; x < right; ++x) sum += picture[y * width + x];
      }
      const std::size_t count = (bottom - top) * (right - left);
      small.push_back(static_cast<std::uint8_t>((sum + count / 2) / count));
    }
  }
  return small;
}

/// Places of pictures that follow each other, the later one first; spread over all.
std::vector<std::pair<std::size_t, std::size_t>> some_pairs(const GreyRuns& greys) {
  std::vector<std::pair<std::size_t, std::size_t>> all;
  for (const GreyRun& run : greys.runs) {
    for (std::size_t i = run.first; i + 1 < run.first + run.count; ++i) all.emplace_back(i + 1, i);
  }
  const std::size_t count = std::min(all.size(), most_pairs);
  std::vector<std::pair<std::size_t, std::size_t>> some;
  for (std::size_t i = 0; i < count; ++i) some.push_back(all[i * all.size() / count]);
  return some;
}

}  // namespace

Window moving_part(const GreyRuns& greys) {
  const std::size_t height = greys.pictures.dim(1);
  const std::size_t width = greys.pictures.dim(2);
  const auto small = [&](std::size_t place) {
    return reduced_picture(
        greys.pictures.data<std::uint8_t>().subspan(place * height * width, height * width), width,
        height);
  };
  const auto across = static_cast<double>(width);
  const auto down = static_cast<double>(height);
  const Square square =
      moving_square_of(some_pairs(greys), greys.times.size(), small, across, down);
  const double side = square.side * std::min(across, down);
  Window window{.left = square.x - side / across / 2,
                .top = square.y - side / down / 2,
                .width = side / across,
                .height = side / down};
  window.left = std::clamp(window.left, 0.0, 1 - window.width);
  window.top = std::clamp(window.top, 0.0, 1 - window.height);
  return window;
}

}  // namespace vidclass::video
