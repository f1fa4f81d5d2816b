#include "core/half.hpp"

#include <span>

#include "core/cpu_clones.hpp"

namespace vidclass {
namespace {

// Bits lie at any address in tensors of bytes; both are read as halves here.
std::span<const std::uint16_t> halves_of(const Tensor& tensor) {
  return {reinterpret_cast<const std::uint16_t*>(tensor.bytes().data()), tensor.size()};
}
std::span<std::uint16_t> halves_of(Tensor& tensor) {
  return {reinterpret_cast<std::uint16_t*>(tensor.bytes().data()), tensor.size()};
}

// Both are local: the clones of a function that others may call would be public names.
VIDCLASS_FOR_EACH_CPU
void floats_from_halves(std::span<const std::uint16_t> halves, std::span<float> floats) noexcept {
  for (std::size_t i = 0; i < floats.size(); ++i) floats[i] = float_from_half(halves[i]);
}

VIDCLASS_FOR_EACH_CPU
void halves_from_floats(std::span<const float> floats, std::span<std::uint16_t> halves) noexcept {
  for (std::size_t i = 0; i < floats.size(); ++i) halves[i] = half_from_float(floats[i]);
}

}  // namespace

Tensor float_from_half(const Tensor& halves) {
  Tensor result(DType::f32, halves.shape());
  floats_from_halves(halves_of(halves), result.data<float>());
  return result;
}

Tensor half_from_float(const Tensor& values) {
  Tensor result(DType::f16, values.shape());
  halves_from_floats(values.data<float>(), halves_of(result));
  return result;
}

}  // namespace vidclass
