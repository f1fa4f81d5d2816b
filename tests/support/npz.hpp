// Reading numpy's .npz archives, which hold reference values.
#pragma once

#include <cstddef>
#include <cstring>
#include <filesystem>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace vidclass::testing {

/// One array in C order, as the .npy format describes it
/// (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html).
struct NpyArray {
  std::string type;  // numpy's array-protocol string: "<f4", "|u1", "|b1", "<i8", "<U35"
  std::vector<std::size_t> shape;
  std::vector<std::byte> bytes;

  /// A copy of the elements. Throws std::runtime_error unless T is the type of the
  /// array (float, double, uint8_t, int32_t, int64_t, bool).
  template <typename T>
  [[nodiscard]] std::vector<T> values() const;
  /// The elements of a unicode array, as UTF-8. Throws std::runtime_error.
  [[nodiscard]] std::vector<std::string> strings() const;
};

/// Reads one .npy file's content. Throws std::runtime_error.
[[nodiscard]] NpyArray parse_npy(const std::vector<std::byte>& content);

/// All arrays by their names, without ".npy". Throws std::runtime_error.
[[nodiscard]] std::map<std::string, NpyArray> read_npz(const std::filesystem::path& path);

}  // namespace vidclass::testing
