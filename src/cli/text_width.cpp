#include "cli/text_width.hpp"

#include <algorithm>

#include "core/text.hpp"

namespace vidclass::cli {

std::size_t display_width(std::string_view raw) {
  const std::string text = printable(raw);
  // Bytes 10xxxxxx continue a code point.
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

std::string pad(std::string_view text, std::size_t width) {
  const std::size_t used = display_width(text);
  return printable(text) + std::string(used < width ? width - used : 0, ' ');
}

}  // namespace vidclass::cli
