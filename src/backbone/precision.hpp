// The arithmetic that a network runs in.
#pragma once

#include <string>
#include <string_view>

namespace vidclass::backbone {

enum class Precision {
  /// bf16 where this CPU multiplies bfloat16 natively, else f32. Never int8, which
  /// differs more from f32 and needs a calibration.
  automatic,
  f32,
  /// Products of bfloat16 summed in float32. Runs on any CPU, quicker only on
  /// those with native instructions (AVX512-BF16, AMX).
  bf16,
  /// Convolutions of 8-bit whole numbers; the rest as `automatic`. Needs the ranges of
  /// the activations (calibration.hpp). Quick on CPUs with VNNI or AMX.
  int8,
};

/// "auto", "f32", "bf16", "int8".
[[nodiscard]] std::string_view to_string(Precision precision) noexcept;
/// Throws UsageError naming the choices.
[[nodiscard]] Precision precision_from(std::string_view name);
/// `automatic` replaced by what it means on this CPU.
[[nodiscard]] Precision resolve(Precision precision) noexcept;

}  // namespace vidclass::backbone
