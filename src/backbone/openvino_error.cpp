#include "backbone/openvino_error.hpp"

#include "core/text.hpp"

namespace vidclass::backbone {

std::string reason(const std::exception& error) {
  const std::string message = error.what();
  std::string text;
  for (const Line& line : lines_of(message)) {
    const bool is_place = line.text.starts_with("Exception from ") ||
                          line.text.starts_with("Check '") || line.text.starts_with("While ");
    if (is_place) continue;
    if (!text.empty()) text += ' ';
    text += line.text;
  }
  if (text.empty()) text = message;
  constexpr std::size_t longest = 400;
  if (text.size() > longest) text = text.substr(0, longest) + "...";
  return text;
}

}  // namespace vidclass::backbone
