#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>

#include "core/format.hpp"
#include "motion/cuboids.hpp"
#include "vidclass/error.hpp"

namespace vidclass::motion {
namespace {

const Tensor& array_of(const NamedTensors& arrays, const std::string& name, DType type) {
  const auto found = arrays.find(name);
  if (found == arrays.end()) throw Error(format("the array {} is missing", name));
  if (found->second.dtype() != type) {
    throw Error(format("the array {} is of {} instead of {}", name, name_of(found->second.dtype()),
                       name_of(type)));
  }
  return found->second;
}

void require_shape(const Tensor& tensor, const Shape& shape, const std::string& name) {
  if (tensor.shape() == shape) return;
  throw Error(format("the array {} is {} instead of {}", name, format_shape(tensor.shape()),
                     format_shape(shape)));
}

template <typename Number>
void require_finite(const Tensor& tensor, const std::string& name) {
  const auto values = tensor.data<Number>();
  if (!std::all_of(values.begin(), values.end(), [](Number v) { return std::isfinite(v); })) {
    throw Error(format("the array {} holds values that are not finite", name));
  }
}

/// In a quarter of the room: a histogram's values are from 0 to 1.
Tensor to_bytes(const Tensor& histograms) {
  Tensor bytes(DType::u8, histograms.shape());
  const auto values = histograms.data<float>();
  std::transform(values.begin(), values.end(), bytes.data<std::uint8_t>().begin(), [](float value) {
    return static_cast<std::uint8_t>(std::lround(255 * std::clamp(value, 0.0F, 1.0F)));
  });
  return bytes;
}

Tensor from_bytes(const Tensor& bytes) {
  Tensor histograms(DType::f32, bytes.shape());
  const auto values = bytes.data<std::uint8_t>();
  std::transform(values.begin(), values.end(), histograms.data<float>().begin(),
                 [](std::uint8_t value) { return static_cast<float>(value) / 255; });
  return histograms;
}

Cuboids cuboids_from(const NamedTensors& arrays, const std::string& scale) {
  const std::string names[] = {scale + "/cuboids", scale + "/places", scale + "/times",
                               scale + "/window"};
  const Tensor& histograms = array_of(arrays, names[0], DType::u8);
  const Tensor& places = array_of(arrays, names[1], DType::f32);
  const Tensor& times = array_of(arrays, names[2], DType::f64);
  const Tensor& window = array_of(arrays, names[3], DType::f32);
  const std::size_t count = times.size();
  if (count == 0) throw Error(format("the array {} is empty", names[2]));
  require_shape(times, {count}, names[2]);
  require_shape(histograms, {count, cuboid_width}, names[0]);
  require_shape(places, {count, 3}, names[1]);
  require_shape(window, {4}, names[3]);
  require_finite<float>(places, names[1]);
  require_finite<double>(times, names[2]);
  require_finite<float>(window, names[3]);
  Cuboids cuboids{.histograms = from_bytes(histograms), .places = places, .times = {}};
  cuboids.times.assign(times.data<double>().begin(), times.data<double>().end());
  std::copy_n(window.data<float>().begin(), 4, cuboids.window.begin());
  return cuboids;
}

}  // namespace

NamedTensors to_arrays(const Description& description) {
  NamedTensors arrays;
  for (std::size_t i = 0; i < description.size(); ++i) {
    const Cuboids& cuboids = description[i];
    const std::string scale = scale_names[i];
    arrays.emplace(scale + "/cuboids", to_bytes(cuboids.histograms));
    arrays.emplace(scale + "/places", cuboids.places);
    arrays.emplace(scale + "/times", Tensor::from<double>({cuboids.size()}, cuboids.times));
    arrays.emplace(scale + "/window", Tensor::from<float>({4}, cuboids.window));
  }
  return arrays;
}

Description description_from(const NamedTensors& arrays) {
  Description description;
  for (std::size_t i = 0; i < description.size(); ++i) {
    description[i] = cuboids_from(arrays, scale_names[i]);
  }
  return description;
}

}  // namespace vidclass::motion
