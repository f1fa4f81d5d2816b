#include "core/arrays.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "core/format.hpp"
#include "vidclass/error.hpp"

namespace vidclass {
namespace {

template <typename Number>
bool all_finite_of(const Tensor& tensor) {
  const auto values = tensor.data<Number>();
  return std::all_of(values.begin(), values.end(), [](Number v) { return std::isfinite(v); });
}

}  // namespace

const Tensor& array_of(const NamedTensors& arrays, std::string_view name, DType type) {
  const auto found = arrays.find(std::string(name));
  if (found == arrays.end()) throw Error(format("the array {} is missing", name));
  if (found->second.dtype() != type) {
    throw Error(format("the array {} is of {} instead of {}", name, name_of(found->second.dtype()),
                       name_of(type)));
  }
  return found->second;
}

bool all_finite(const Tensor& tensor) {
  return tensor.dtype() == DType::f32   ? all_finite_of<float>(tensor)
         : tensor.dtype() == DType::f64 ? all_finite_of<double>(tensor)
                                        : false;
}

}  // namespace vidclass
