// A dense n-dimensional array that owns its memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "vidclass/export.hpp"

namespace vidclass {

/// Element types, with the names that safetensors gives them.
enum class DType { f64, f32, f16, bf16, i64, i32, u8 };

using Shape = std::vector<std::size_t>;

/// Size of one element in bytes.
[[nodiscard]] VIDCLASS_EXPORT std::size_t size_of(DType type) noexcept;
/// "F32", "U8", ... as in the safetensors format.
[[nodiscard]] VIDCLASS_EXPORT std::string_view name_of(DType type) noexcept;
/// Product of the dimensions (1 for a scalar). Throws Error on overflow.
[[nodiscard]] VIDCLASS_EXPORT std::size_t element_count(const Shape& shape);
/// "[20, 2048]", for messages.
[[nodiscard]] VIDCLASS_EXPORT std::string format_shape(const Shape& shape);

template <typename T>
struct DTypeOf;
template <>
struct DTypeOf<double> {
  static constexpr DType value = DType::f64;
};
template <>
struct DTypeOf<float> {
  static constexpr DType value = DType::f32;
};
template <>
struct DTypeOf<std::int64_t> {
  static constexpr DType value = DType::i64;
};
template <>
struct DTypeOf<std::int32_t> {
  static constexpr DType value = DType::i32;
};
template <>
struct DTypeOf<std::uint8_t> {
  static constexpr DType value = DType::u8;
};

/// Leaves new elements as the memory was, where std::allocator sets them to zero.
template <typename T>
struct Unset : std::allocator<T> {
  template <typename U>
  struct rebind {
    using other = Unset<U>;
  };
  template <typename U>
  void construct(U* element) noexcept {
    ::new (static_cast<void*>(element)) U;
  }
  template <typename U, typename... Arguments>
  void construct(U* element, Arguments&&... arguments) {
    ::new (static_cast<void*>(element)) U(std::forward<Arguments>(arguments)...);
  }
};

/// Row-major (C order), contiguous. Copying copies the elements. Not
/// synchronised: share it between threads only for reading.
class VIDCLASS_EXPORT Tensor {
public:
  Tensor() : Tensor(DType::f32, {0}) {}
  /// Elements start at zero.
  Tensor(DType type, Shape shape);
  /// Elements have no defined value until they are written: for large tensors that are
  /// filled at once.
  [[nodiscard]] static Tensor uninitialized(DType type, Shape shape);

  /// A tensor holding a copy of `values`; throws Error unless their number is
  /// that of `shape`.
  template <typename T>
  static Tensor from(Shape shape, std::span<const T> values) {
    Tensor tensor(DTypeOf<T>::value, std::move(shape));
    tensor.copy_from(std::as_bytes(values));
    return tensor;
  }
  template <typename T>
  static Tensor from(Shape shape, const std::vector<T>& values) {
    return from<T>(std::move(shape), std::span<const T>(values));
  }

  [[nodiscard]] DType dtype() const noexcept { return type_; }
  [[nodiscard]] const Shape& shape() const noexcept { return shape_; }
  [[nodiscard]] std::size_t rank() const noexcept { return shape_.size(); }
  /// Size of dimension `axis`; throws Error if there is none.
  [[nodiscard]] std::size_t dim(std::size_t axis) const;
  /// Number of elements.
  [[nodiscard]] std::size_t size() const noexcept { return bytes_.size() / size_of(type_); }
  [[nodiscard]] bool empty() const noexcept { return bytes_.empty(); }

  /// The elements; throws Error if T is not the element type.
  template <typename T>
  [[nodiscard]] std::span<const T> data() const {
    require(DTypeOf<T>::value);
    return {reinterpret_cast<const T*>(bytes_.data()), size()};
  }
  template <typename T>
  [[nodiscard]] std::span<T> data() {
    require(DTypeOf<T>::value);
    return {reinterpret_cast<T*>(bytes_.data()), size()};
  }

  [[nodiscard]] std::span<const std::byte> bytes() const noexcept { return bytes_; }
  [[nodiscard]] std::span<std::byte> bytes() noexcept { return bytes_; }

  /// The same elements under another shape; throws Error if the number differs.
  [[nodiscard]] Tensor reshaped(Shape shape) const&;
  [[nodiscard]] Tensor reshaped(Shape shape) &&;

private:
  void require(DType wanted) const;
  void copy_from(std::span<const std::byte> source);

  DType type_;
  Shape shape_;
  std::vector<std::byte, Unset<std::byte>> bytes_;
};

}  // namespace vidclass
