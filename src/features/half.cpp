#include "features/half.hpp"

#include <cmath>
#include <cstring>
#include <span>
#include <utility>

#include "core/format.hpp"
#include "vidclass/error.hpp"

namespace vidclass::features {
namespace {

using Half = _Float16;
static_assert(sizeof(Half) == 2);

template <typename To, typename From>
Tensor converted(const Tensor& source, DType type) {
  Tensor target(type, source.shape());
  const std::byte* from = source.bytes().data();
  std::byte* to = target.bytes().data();
  for (std::size_t i = 0; i < source.size(); ++i) {
    From value{};
    std::memcpy(&value, from + i * sizeof(From), sizeof(From));
    const auto result = static_cast<To>(value);
    std::memcpy(to + i * sizeof(To), &result, sizeof(To));
  }
  return target;
}

}  // namespace

NamedTensors narrowed(NamedTensors arrays) {
  constexpr float greatest = 65504;
  for (auto& [name, tensor] : arrays) {
    if (tensor.dtype() != DType::f32) continue;
    for (const float value : std::as_const(tensor).data<float>()) {
      if (std::abs(value) > greatest) {
        throw Error(format("the value {} of {} does not fit float16: use --cache-dtype float32",
                           value, name));
      }
    }
    tensor = converted<Half, float>(tensor, DType::f16);
  }
  return arrays;
}

NamedTensors widened(NamedTensors arrays) {
  for (auto& [name, tensor] : arrays) {
    if (tensor.dtype() == DType::f16) tensor = converted<float, Half>(tensor, DType::f32);
  }
  return arrays;
}

}  // namespace vidclass::features
