// The one place that names the formatting library.
#pragma once

#include <fmt/format.h>

#include <string>
#include <utility>

namespace vidclass {

/// fmt::format as an object: a call of a function named `format` with a std::string among its
/// arguments would find std::format too, where the compiler has one, and be ambiguous.
struct Format {
  template <typename... T>
  std::string operator()(fmt::format_string<T...> text, T&&... values) const {
    return fmt::format(text, std::forward<T>(values)...);
  }
};
inline constexpr Format format;

}  // namespace vidclass
