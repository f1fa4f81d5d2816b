// Aligning UTF-8 text in a terminal.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace vidclass::cli {

/// Number of code points once it is printable, which is the number of columns for most scripts.
[[nodiscard]] std::size_t display_width(std::string_view raw);
/// Of the widest of `texts`, a range of things that `text_of` makes a text of, and of `heading`.
template <typename Range, typename TextOf = std::identity>
[[nodiscard]] std::size_t widest(std::string_view heading, const Range& texts,
                                 TextOf text_of = {}) {
  std::size_t width = display_width(heading);
  for (const auto& each : texts) {
    width = std::max(width, display_width(std::invoke(text_of, each)));
  }
  return width;
}
/// Printable, with blanks behind it up to `width` columns.
[[nodiscard]] std::string pad(std::string_view text, std::size_t width);

}  // namespace vidclass::cli
