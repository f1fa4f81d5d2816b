#include <algorithm>

#include "motion/cuboids.hpp"

namespace vidclass::motion {

namespace {

Cuboids shown_until(const Cuboids& cuboids, double time) {
  std::vector<std::size_t> kept;
  for (std::size_t i = 0; i < cuboids.size(); ++i) {
    if (cuboids.times[i] <= time) kept.push_back(i);
  }
  const std::size_t count = std::max<std::size_t>(1, kept.size());
  Cuboids some{.histograms = Tensor(DType::f32, {count, cuboid_width}),
               .places = Tensor(DType::f32, {count, 3}),
               .times = std::vector<double>(count, time),
               .window = cuboids.window};
  for (std::size_t row = 0; row < kept.size(); ++row) {
    const auto copy_row = [&](const Tensor& from, Tensor& to) {
      const std::size_t width = from.dim(1);
      const auto values = from.data<float>().subspan(kept[row] * width, width);
      std::copy(values.begin(), values.end(),
                to.data<float>().begin() + static_cast<std::ptrdiff_t>(row * width));
    };
    copy_row(cuboids.histograms, some.histograms);
    copy_row(cuboids.places, some.places);
    some.times[row] = cuboids.times[kept[row]];
  }
  return some;
}

}  // namespace

Description until(const Description& description, double time) {
  Description some;
  for (std::size_t i = 0; i < some.size(); ++i) some[i] = shown_until(description[i], time);
  return some;
}

}  // namespace vidclass::motion
