#include "arrays.hpp"

#include "vidclass/error.hpp"

namespace vidclass::python {
namespace {

template <typename T>
nb::object array_of(Tensor* tensor, const nb::capsule& owner) {
  return nb::cast(nb::ndarray<nb::numpy, T>(tensor->data<T>().data(), tensor->rank(),
                                            tensor->shape().data(), owner));
}

}  // namespace

nb::object to_numpy(Tensor values) {
  auto* const kept = new Tensor(std::move(values));
  const nb::capsule owner(kept, [](void* memory) noexcept { delete static_cast<Tensor*>(memory); });
  switch (kept->dtype()) {
    case DType::f32:
      return array_of<float>(kept, owner);
    case DType::u8:
      return array_of<std::uint8_t>(kept, owner);
    default:
      throw Error("arrays of this element type are not handed to Python");
  }
}

}  // namespace vidclass::python
