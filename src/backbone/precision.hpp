// The arithmetic that a network runs in.
#pragma once

#include <string>
#include <string_view>

#include "vidclass/options.hpp"

namespace vidclass::backbone {

using vidclass::Precision;

/// "auto", "f32", "bf16", "int8".
[[nodiscard]] std::string_view to_string(Precision precision) noexcept;
/// Throws UsageError naming the choices.
[[nodiscard]] Precision precision_from(std::string_view name);
/// `automatic` replaced by what it means on this CPU.
[[nodiscard]] Precision resolve(Precision precision) noexcept;

}  // namespace vidclass::backbone
