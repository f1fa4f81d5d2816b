#include "core/npy.hpp"

#include <bit>
#include <charconv>
#include <cstring>
#include <string>
#include <string_view>

#include "core/format.hpp"
#include "core/mapped_file.hpp"
#include "core/text.hpp"
#include "vidclass/error.hpp"

namespace vidclass {
namespace {

static_assert(std::endian::native == std::endian::little, "only little-endian arrays are read");

/// Reads what NumPy writes: {'descr': '<f4', 'fortran_order': False, 'shape': (20, 2048), }
class HeaderParser {
public:
  explicit HeaderParser(std::string_view text) : rest_(text) {}

  NpyHeader parse() {
    NpyHeader header;
    bool has_type = false, has_order = false, has_shape = false;
    expect('{');
    while (!take('}')) {
      const std::string_view key = quoted();
      expect(':');
      if (key == "descr" && !has_type) {
        header.dtype = type();
        has_type = true;
      } else if (key == "fortran_order" && !has_order) {
        header.fortran_order = truth();
        has_order = true;
      } else if (key == "shape" && !has_shape) {
        header.shape = shape();
        has_shape = true;
      } else {
        fail();
      }
      if (!take(',')) {
        expect('}');
        break;
      }
    }
    if (!has_type || !has_order || !has_shape || !trim(rest_).empty()) fail();
    return header;
  }

private:
  [[noreturn]] static void fail() { throw Error("its .npy header is damaged"); }

  void skip_blanks() {
    rest_ = rest_.substr(std::min(rest_.find_first_not_of(" \n"), rest_.size()));
  }
  bool take(char wanted) {
    skip_blanks();
    if (!rest_.starts_with(wanted)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void expect(char wanted) {
    if (!take(wanted)) fail();
  }
  std::string_view quoted() {
    skip_blanks();
    if (rest_.empty() || (rest_.front() != '\'' && rest_.front() != '"')) fail();
    const auto end = rest_.find(rest_.front(), 1);
    if (end == std::string_view::npos) fail();
    const auto text = rest_.substr(1, end - 1);
    rest_.remove_prefix(end + 1);
    return text;
  }
  DType type() {
    skip_blanks();
    if (rest_.starts_with('[')) throw Error("it holds records, not an array of floats");
    const auto name = quoted();
    if (name == "<f4") return DType::f32;
    if (name == "<f8") return DType::f64;
    if (name == "<f2") return DType::f16;
    if (name.starts_with(">f")) {
      throw Error(format("its numbers are big-endian ({}); write them as \"<f4\"", name));
    }
    throw Error(format("its elements are of type {}; floats of 2, 4 or 8 bytes are needed", name));
  }
  bool truth() {
    skip_blanks();
    for (const auto& [word, value] : {std::pair("True", true), std::pair("False", false)}) {
      if (!rest_.starts_with(word)) continue;
      rest_.remove_prefix(std::strlen(word));
      return value;
    }
    fail();
  }
  Shape shape() {
    Shape shape;
    expect('(');
    while (!take(')')) {
      skip_blanks();
      std::size_t dim = 0;
      const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), dim);
      if (error != std::errc()) fail();
      rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
      shape.push_back(dim);
      if (!take(',')) {
        expect(')');
        break;
      }
    }
    return shape;
  }

  std::string_view rest_;
};

struct Parsed {
  NpyHeader header;
  std::span<const std::byte> elements;
};

Parsed parse(std::span<const std::byte> bytes) {
  constexpr std::string_view magic("\x93NUMPY", 6);
  constexpr std::size_t before_length = 8;  // magic and version
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (text.size() < before_length || !text.starts_with(magic)) throw Error("it is not a .npy file");
  const auto major = std::to_integer<int>(bytes[6]);
  if (major < 1 || major > 3) throw Error(format("its .npy format has version {}", major));
  const std::size_t length_size = major == 1 ? 2 : 4;
  std::uint32_t length = 0;
  if (text.size() < before_length + length_size) throw Error("it is cut short");
  std::memcpy(&length, bytes.data() + before_length, length_size);
  const std::size_t start = before_length + length_size;
  if (length > text.size() - start) throw Error("it is cut short: it ends within its header");

  Parsed parsed;
  parsed.header = HeaderParser(text.substr(start, length)).parse();
  parsed.elements = bytes.subspan(start + length);
  const std::size_t needed = element_count(parsed.header.shape) * size_of(parsed.header.dtype);
  if (parsed.elements.size() != needed) {
    throw Error(format("it is cut short or damaged: {} {} takes {} bytes, it has {}",
                       name_of(parsed.header.dtype), format_shape(parsed.header.shape), needed,
                       parsed.elements.size()));
  }
  return parsed;
}

}  // namespace

NpyHeader read_npy_header(const std::filesystem::path& path) {
  const MappedFile file(path);
  return parse(file.bytes()).header;
}

Tensor read_npy(const std::filesystem::path& path) {
  const MappedFile file(path);
  const Parsed parsed = parse(file.bytes());
  const Shape& shape = parsed.header.shape;
  Tensor tensor(parsed.header.dtype, shape);
  if (!parsed.header.fortran_order || shape.size() < 2) {
    std::memcpy(tensor.bytes().data(), parsed.elements.data(), parsed.elements.size());
    return tensor;
  }
  if (shape.size() > 2) {
    throw Error(format("it is {} in Fortran order, which is read for two dimensions only",
                       format_shape(shape)));
  }
  const std::size_t size = size_of(parsed.header.dtype);
  for (std::size_t row = 0; row < shape[0]; ++row) {
    for (std::size_t column = 0; column < shape[1]; ++column) {
      std::memcpy(tensor.bytes().data() + (row * shape[1] + column) * size,
                  parsed.elements.data() + (column * shape[0] + row) * size, size);
    }
  }
  return tensor;
}

}  // namespace vidclass
