// The library's arrays as NumPy's, and back.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include "vidclass/tensor.hpp"

namespace vidclass::python {

namespace nb = nanobind;

/// An array that owns what `values` held; nothing is copied.
[[nodiscard]] nb::object to_numpy(Tensor values);

/// The same, [N].
template <typename T>
[[nodiscard]] nb::object to_numpy(std::vector<T> values) {
  auto* const kept = new std::vector<T>(std::move(values));
  const nb::capsule owner(
      kept, [](void* memory) noexcept { delete static_cast<std::vector<T>*>(memory); });
  return nb::cast(nb::ndarray<nb::numpy, T, nb::ndim<1>>(kept->data(), {kept->size()}, owner));
}

/// A tensor with a copy of the elements.
template <typename T, typename... Form>
[[nodiscard]] Tensor to_tensor(const nb::ndarray<Form...>& array) {
  Shape shape;
  for (std::size_t i = 0; i < array.ndim(); ++i) shape.push_back(array.shape(i));
  Tensor tensor = Tensor::uninitialized(DTypeOf<T>::value, std::move(shape));
  std::copy_n(array.data(), array.size(), tensor.data<T>().data());
  return tensor;
}

}  // namespace vidclass::python
