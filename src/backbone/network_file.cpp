#include "backbone/network_file.hpp"

#include <charconv>
#include <cmath>

#include "core/format.hpp"
#include "core/text.hpp"
#include "vidclass/error.hpp"

namespace vidclass::backbone {

std::string_view to_string(InputLayout layout) noexcept {
  switch (layout) {
    case InputLayout::automatic:
      return "auto";
    case InputLayout::channels_first:
      return "nchw";
    case InputLayout::channels_last:
      return "nhwc";
  }
  return "?";
}

InputLayout input_layout_from(std::string_view name) {
  for (const InputLayout layout :
       {InputLayout::automatic, InputLayout::channels_first, InputLayout::channels_last}) {
    if (to_string(layout) == name) return layout;
  }
  throw UsageError(format("unknown input layout \"{}\": choose auto, nchw or nhwc", name));
}

bool is_network_file(std::string_view name) {
  const std::string small = lower(name);
  return small.ends_with(".onnx") || small.ends_with(".xml");
}

std::array<double, 3> rgb_values_from(std::string_view text, std::string_view what) {
  const auto refuse = [&] {
    return UsageError(
        format("{} takes one number, or three for red, green and blue (123.7,116.3,103.5), not "
               "\"{}\"",
               what, text));
  };
  std::array<double, 3> values{};
  std::size_t count = 0;
  std::string_view rest = text;
  while (true) {
    if (count == values.size()) throw refuse();
    const auto comma = rest.find(',');
    const std::string_view number = trim(rest.substr(0, comma));
    double& value = values.at(count++);
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
    if (error != std::errc{} || end != number.data() + number.size() || !std::isfinite(value)) {
      throw refuse();
    }
    if (comma == std::string_view::npos) break;
    rest.remove_prefix(comma + 1);
  }
  if (count == 2) throw refuse();
  if (count == 1) values.fill(values[0]);
  return values;
}

}  // namespace vidclass::backbone
