#include "support/npz.hpp"

#include <zip.h>

#include <cstdint>
#include <memory>
#include <regex>

namespace vidclass::testing {
namespace {

struct ZipDeleter {
  void operator()(zip_t* archive) const noexcept { zip_discard(archive); }
  void operator()(zip_file_t* file) const noexcept { zip_fclose(file); }
};

std::vector<std::byte> read_member(zip_t* archive, zip_uint64_t index) {
  zip_stat_t stat;
  const std::unique_ptr<zip_file_t, ZipDeleter> file(zip_fopen_index(archive, index, 0));
  if (!file || zip_stat_index(archive, index, 0, &stat) != 0) {
    throw std::runtime_error("a member of the archive cannot be opened");
  }
  std::vector<std::byte> content(stat.size);
  if (zip_fread(file.get(), content.data(), content.size()) !=
      static_cast<zip_int64_t>(content.size())) {
    throw std::runtime_error("a member of the archive cannot be read");
  }
  return content;
}

std::string field(const std::string& header, const std::string& pattern) {
  std::smatch match;
  if (!std::regex_search(header, match, std::regex(pattern))) {
    throw std::runtime_error("not a .npy header: " + header);
  }
  return match[1];
}

void append_utf8(std::string& text, std::uint32_t code) {
  const auto put = [&](std::uint32_t byte) { text.push_back(static_cast<char>(byte)); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | code >> 6);
    put(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    put(0xE0 | code >> 12);
    put(0x80 | (code >> 6 & 0x3F));
    put(0x80 | (code & 0x3F));
  } else {
    put(0xF0 | code >> 18);
    put(0x80 | (code >> 12 & 0x3F));
    put(0x80 | (code >> 6 & 0x3F));
    put(0x80 | (code & 0x3F));
  }
}

template <typename T>
constexpr std::string_view type_name() = delete;
template <>
constexpr std::string_view type_name<float>() {
  return "<f4";
}
template <>
constexpr std::string_view type_name<double>() {
  return "<f8";
}
template <>
constexpr std::string_view type_name<std::uint8_t>() {
  return "|u1";
}
template <>
constexpr std::string_view type_name<std::int32_t>() {
  return "<i4";
}
template <>
constexpr std::string_view type_name<std::int64_t>() {
  return "<i8";
}
template <>
constexpr std::string_view type_name<bool>() {
  return "|b1";
}

}  // namespace

template <typename T>
std::vector<T> NpyArray::values() const {
  if (type != type_name<T>()) {
    throw std::runtime_error("the array holds " + type + ", not " + std::string(type_name<T>()));
  }
  std::vector<T> result(bytes.size() / sizeof(T));
  for (std::size_t i = 0; i < result.size(); ++i) {
    T value;
    std::memcpy(&value, bytes.data() + i * sizeof(T), sizeof(T));
    result[i] = value;
  }
  return result;
}

template std::vector<float> NpyArray::values<float>() const;
template std::vector<double> NpyArray::values<double>() const;
template std::vector<std::uint8_t> NpyArray::values<std::uint8_t>() const;
template std::vector<std::int32_t> NpyArray::values<std::int32_t>() const;
template std::vector<std::int64_t> NpyArray::values<std::int64_t>() const;
template std::vector<bool> NpyArray::values<bool>() const;

std::vector<std::string> NpyArray::strings() const {
  if (type.substr(0, 2) != "<U") throw std::runtime_error("the array holds " + type + ", not text");
  const std::size_t length = std::stoul(type.substr(2));
  std::vector<std::string> result;
  for (std::size_t start = 0; length > 0 && start < bytes.size(); start += 4 * length) {
    std::string& text = result.emplace_back();
    for (std::size_t i = 0; i < length; ++i) {
      std::uint32_t code = 0;
      std::memcpy(&code, bytes.data() + start + 4 * i, 4);
      if (code == 0) break;
      append_utf8(text, code);
    }
  }
  return result;
}

NpyArray parse_npy(const std::vector<std::byte>& content) {
  const std::string magic = "\x93NUMPY";
  const auto byte = [&](std::size_t i) { return std::to_integer<std::size_t>(content.at(i)); };
  if (content.size() < 12 || std::memcmp(content.data(), magic.data(), magic.size()) != 0) {
    throw std::runtime_error("not a .npy file");
  }
  // Version 1 counts the header in two bytes, later ones in four.
  const bool is_short = byte(6) == 1;
  const std::size_t start = is_short ? 10 : 12;
  std::size_t length = byte(8) | byte(9) << 8;
  if (!is_short) length |= byte(10) << 16 | byte(11) << 24;
  if (length > content.size() - start) throw std::runtime_error("the .npy file is cut short");
  const std::string header(reinterpret_cast<const char*>(content.data()) + start, length);

  NpyArray array;
  array.type = field(header, "'descr': '([^']*)'");
  if (field(header, "'fortran_order': (\\w+)") != "False") {
    throw std::runtime_error("arrays in Fortran order are not read");
  }
  const std::string shape = field(header, "'shape': \\(([^)]*)\\)");
  const std::regex number("\\d+");
  std::size_t count = 1;
  for (std::sregex_iterator it(shape.begin(), shape.end(), number), end; it != end; ++it) {
    count *= array.shape.emplace_back(std::stoul(it->str()));
  }
  std::size_t element = std::stoul(array.type.substr(2));
  if (array.type[1] == 'U') element *= 4;
  array.bytes.assign(content.begin() + static_cast<std::ptrdiff_t>(start + length), content.end());
  if (array.bytes.size() != count * element) throw std::runtime_error("the .npy file is cut short");
  return array;
}

std::map<std::string, NpyArray> read_npz(const std::filesystem::path& path) {
  const std::unique_ptr<zip_t, ZipDeleter> archive(zip_open(path.c_str(), ZIP_RDONLY, nullptr));
  if (!archive) throw std::runtime_error(path.string() + " is not a zip archive");
  std::map<std::string, NpyArray> arrays;
  const auto members = static_cast<zip_uint64_t>(zip_get_num_entries(archive.get(), 0));
  for (zip_uint64_t i = 0; i < members; ++i) {
    const std::filesystem::path name = zip_get_name(archive.get(), i, 0);
    arrays.emplace(name.stem().string(), parse_npy(read_member(archive.get(), i)));
  }
  return arrays;
}

}  // namespace vidclass::testing
