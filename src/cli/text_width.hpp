// Aligning UTF-8 text in a terminal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace vidclass::cli {

/// Number of code points, which is the number of columns for most scripts.
[[nodiscard]] std::size_t display_width(std::string_view text);
/// With blanks behind it up to `width` columns.
[[nodiscard]] std::string pad(std::string_view text, std::size_t width);

}  // namespace vidclass::cli
