#include "backbone/precision.hpp"

#include "backbone/cpu.hpp"
#include "core/format.hpp"
#include "vidclass/error.hpp"

namespace vidclass::backbone {

std::string_view to_string(Precision precision) noexcept {
  switch (precision) {
    case Precision::automatic:
      return "auto";
    case Precision::f32:
      return "f32";
    case Precision::bf16:
      return "bf16";
    case Precision::int8:
      return "int8";
  }
  return "?";
}

Precision precision_from(std::string_view name) {
  for (const auto precision :
       {Precision::automatic, Precision::f32, Precision::bf16, Precision::int8}) {
    if (to_string(precision) == name) return precision;
  }
  throw UsageError(format("unknown precision \"{}\": choose auto, f32, bf16 or int8", name));
}

Precision resolve(Precision precision) noexcept {
  if (precision != Precision::automatic) return precision;
  return cpu_multiplies_bf16() ? Precision::bf16 : Precision::f32;
}

}  // namespace vidclass::backbone
