#include "dataset/seconds.hpp"

#include <charconv>
#include <cmath>

#include "core/format.hpp"

namespace vidclass::dataset {

std::optional<double> seconds_from(std::string_view text) {
  double seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  if (!whole || !std::isfinite(seconds) || seconds < 0) return std::nullopt;
  return seconds;
}

std::string seconds_text(double seconds) { return format("{}", seconds); }

}  // namespace vidclass::dataset
