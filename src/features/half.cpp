#include "features/half.hpp"

#include <cmath>
#include <utility>

#include "core/format.hpp"
#include "core/half.hpp"
#include "vidclass/error.hpp"

namespace vidclass::features {

NamedTensors narrowed(NamedTensors arrays) {
  constexpr float greatest = 65504;
  for (auto& [name, tensor] : arrays) {
    if (tensor.dtype() != DType::f32) continue;
    for (const float value : std::as_const(tensor).data<float>()) {
      if (std::abs(value) > greatest) {
        throw Error(format("the value {} of {} does not fit float16: use float32 as cache-dtype",
                           value, name));
      }
    }
    tensor = half_from_float(tensor);
  }
  return arrays;
}

NamedTensors widened(NamedTensors arrays) {
  for (auto& [name, tensor] : arrays) {
    if (tensor.dtype() == DType::f16) tensor = float_from_half(tensor);
  }
  return arrays;
}

}  // namespace vidclass::features
