#include "core/npy_writer.hpp"

#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "core/atomic_file.hpp"
#include "core/format.hpp"
#include "vidclass/error.hpp"

namespace vidclass {
namespace {

std::string_view numpy_type(DType type) {
  switch (type) {
    case DType::f64:
      return "<f8";
    case DType::f32:
      return "<f4";
    case DType::f16:
      return "<f2";
    case DType::i64:
      return "<i8";
    case DType::i32:
      return "<i4";
    case DType::u8:
      return "|u1";
    case DType::bf16:
      break;
  }
  throw Error(format("NumPy has no element type {}", name_of(type)));
}

std::string header_of(const Tensor& tensor) {
  std::string shape;
  for (const std::size_t dim : tensor.shape()) shape += format("{}, ", dim);
  std::string text = format("{{'descr': '{}', 'fortran_order': False, 'shape': ({}), }}",
                            numpy_type(tensor.dtype()), shape);
  // Magic, version, length and text together are a multiple of 64 bytes.
  constexpr std::size_t prefix = 10;
  text.append(63 - (prefix + text.size()) % 64, ' ');
  text += '\n';
  const std::size_t length = text.size();
  return std::string("\x93NUMPY\x01\x00", 8) + static_cast<char>(length & 0xFFU) +
         static_cast<char>(length >> 8U) + text;
}

}  // namespace

void write_npy(const std::filesystem::path& path, const Tensor& tensor) {
  const std::string header = header_of(tensor);
  std::vector<std::byte> content(header.size() + tensor.bytes().size());
  std::memcpy(content.data(), header.data(), header.size());
  if (!tensor.empty()) {
    std::memcpy(content.data() + header.size(), tensor.bytes().data(), tensor.bytes().size());
  }
  write_file_atomically(path, content);
}

}  // namespace vidclass
