#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>

#include "core/arrays.hpp"
#include "core/format.hpp"
#include "motion/cuboids.hpp"
#include "vidclass/error.hpp"

namespace vidclass::motion {
namespace {

void require_shape(const Tensor& tensor, const Shape& shape, const std::string& name) {
  if (tensor.shape() == shape) return;
  throw Error(format("the array {} is {} instead of {}", name, format_shape(tensor.shape()),
                     format_shape(shape)));
}

void require_finite(const Tensor& tensor, const std::string& name) {
  if (!all_finite(tensor)) {
    throw Error(format("the array {} holds values that are not finite", name));
  }
}

/// Those of one scale.
struct ScaleArrays {
  const Tensor& histograms;
  const Tensor& places;
  const Tensor& times;
  const Tensor& window;
};

std::uint8_t to_byte(float value) {
  return static_cast<std::uint8_t>(std::lround(255 * std::clamp(value, 0.0F, 1.0F)));
}
float from_byte(std::uint8_t value) { return static_cast<float>(value) / 255; }

/// In a quarter of the room: a histogram's values are from 0 to 1.
Tensor to_bytes(const Tensor& histograms) {
  Tensor bytes(DType::u8, histograms.shape());
  const auto values = histograms.data<float>();
  std::transform(values.begin(), values.end(), bytes.data<std::uint8_t>().begin(), to_byte);
  return bytes;
}

Tensor from_bytes(const Tensor& bytes) {
  Tensor histograms(DType::f32, bytes.shape());
  const auto values = bytes.data<std::uint8_t>();
  std::transform(values.begin(), values.end(), histograms.data<float>().begin(), from_byte);
  return histograms;
}

/// Throws Error for what is missing or wrong.
ScaleArrays checked_arrays(const NamedTensors& arrays, const std::string& scale) {
  const std::string names[] = {scale + "/cuboids", scale + "/places", scale + "/times",
                               scale + "/window"};
  const ScaleArrays found{.histograms = array_of(arrays, names[0], DType::u8),
                          .places = array_of(arrays, names[1], DType::f32),
                          .times = array_of(arrays, names[2], DType::f64),
                          .window = array_of(arrays, names[3], DType::f32)};
  const std::size_t count = found.times.size();
  if (count == 0) throw Error(format("the array {} is empty", names[2]));
  require_shape(found.times, {count}, names[2]);
  require_shape(found.histograms, {count, cuboid_width}, names[0]);
  require_shape(found.places, {count, 3}, names[1]);
  require_shape(found.window, {4}, names[3]);
  require_finite(found.places, names[1]);
  require_finite(found.times, names[2]);
  require_finite(found.window, names[3]);
  return found;
}

Cuboids cuboids_from(const NamedTensors& arrays, const std::string& scale) {
  const ScaleArrays found = checked_arrays(arrays, scale);
  Cuboids cuboids{.histograms = from_bytes(found.histograms), .places = found.places, .times = {}};
  cuboids.times.assign(found.times.data<double>().begin(), found.times.data<double>().end());
  std::copy_n(found.window.data<float>().begin(), 4, cuboids.window.begin());
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

void check_arrays(const NamedTensors& arrays) {
  for (const char* scale : scale_names) static_cast<void>(checked_arrays(arrays, scale));
}

NamedTensors take_arrays(NamedTensors& arrays) {
  NamedTensors taken;
  for (const char* scale : scale_names) {
    for (const char* name : {"/cuboids", "/places", "/times", "/window"}) {
      taken.insert(arrays.extract(std::string(scale) + name));
    }
  }
  return taken;
}

float rounded(float value) { return from_byte(to_byte(value)); }

}  // namespace vidclass::motion
