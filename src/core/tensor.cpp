#include "vidclass/tensor.hpp"

#include <cstring>
#include <limits>

#include "core/format.hpp"
#include "vidclass/error.hpp"

namespace vidclass {

std::size_t size_of(DType type) noexcept {
  switch (type) {
    case DType::f64:
    case DType::i64:
      return 8;
    case DType::f32:
    case DType::i32:
      return 4;
    case DType::f16:
    case DType::bf16:
      return 2;
    case DType::u8:
      return 1;
  }
  return 1;
}

std::string_view name_of(DType type) noexcept {
  switch (type) {
    case DType::f64:
      return "F64";
    case DType::f32:
      return "F32";
    case DType::f16:
      return "F16";
    case DType::bf16:
      return "BF16";
    case DType::i64:
      return "I64";
    case DType::i32:
      return "I32";
    case DType::u8:
      return "U8";
  }
  return "?";
}

std::size_t element_count(const Shape& shape) {
  std::size_t count = 1;
  for (const std::size_t dim : shape) {
    // Room for 8-byte elements is kept, so that a size in bytes cannot overflow either.
    if (dim != 0 && count > std::numeric_limits<std::size_t>::max() / 8 / dim) {
      throw Error(format("a tensor of shape {} is too large", format_shape(shape)));
    }
    count *= dim;
  }
  return count;
}

std::string format_shape(const Shape& shape) {
  std::string text = "[";
  for (std::size_t i = 0; i < shape.size(); ++i) {
    text += (i == 0 ? "" : ", ") + std::to_string(shape[i]);
  }
  return text + "]";
}

Tensor::Tensor(DType type, Shape shape) : type_(type), shape_(std::move(shape)) {
  bytes_.assign(element_count(shape_) * size_of(type_), std::byte{0});
}

Tensor Tensor::uninitialized(DType type, Shape shape) {
  Tensor tensor;
  tensor.type_ = type;
  tensor.shape_ = std::move(shape);
  tensor.bytes_.resize(element_count(tensor.shape_) * size_of(type));
  return tensor;
}

std::size_t Tensor::dim(std::size_t axis) const {
  if (axis >= shape_.size()) {
    throw Error(format("a tensor of shape {} has no axis {}", format_shape(shape_), axis));
  }
  return shape_[axis];
}

Tensor Tensor::reshaped(Shape shape) const& { return Tensor(*this).reshaped(std::move(shape)); }

Tensor Tensor::reshaped(Shape shape) && {
  if (element_count(shape) != size()) {
    throw Error(
        format("a tensor of shape {} cannot become {}", format_shape(shape_), format_shape(shape)));
  }
  shape_ = std::move(shape);
  return std::move(*this);
}

void Tensor::require(DType wanted) const {
  if (wanted != type_) {
    throw Error(format("a tensor of {} was read as {}", name_of(type_), name_of(wanted)));
  }
}

void Tensor::copy_from(std::span<const std::byte> source) {
  if (source.size() != bytes_.size()) {
    throw Error(
        format("{} bytes do not fill a tensor of shape {}", source.size(), format_shape(shape_)));
  }
  if (!source.empty()) std::memcpy(bytes_.data(), source.data(), source.size());
}

}  // namespace vidclass
