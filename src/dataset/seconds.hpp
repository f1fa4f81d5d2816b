// Times in lists.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace vidclass::dataset {

/// "12", "3.25"; nothing for other text, negative numbers and what is not finite.
[[nodiscard]] std::optional<double> seconds_from(std::string_view text);

/// The shortest text that seconds_from() reads as the same number.
[[nodiscard]] std::string seconds_text(double seconds);

}  // namespace vidclass::dataset
