#include "vidclass/backbone/precision.hpp"

#include "core/format.hpp"
#include "vidclass/core/error.hpp"

namespace vidclass::backbone {
namespace {

bool cpu_multiplies_bf16() noexcept {
#if defined(__x86_64__)
  // Every CPU with AMX-BF16 has AVX512-BF16 as well.
  return static_cast<bool>(__builtin_cpu_supports("avx512bf16"));
#else
  return false;
#endif
}

}  // namespace

std::string_view to_string(Precision precision) noexcept {
  switch (precision) {
    case Precision::automatic:
      return "auto";
    case Precision::f32:
      return "f32";
    case Precision::bf16:
      return "bf16";
  }
  return "?";
}

Precision precision_from(std::string_view name) {
  for (const auto precision : {Precision::automatic, Precision::f32, Precision::bf16}) {
    if (to_string(precision) == name) return precision;
  }
  throw UsageError(format("unknown precision \"{}\": choose auto, f32 or bf16", name));
}

Precision resolve(Precision precision) noexcept {
  if (precision != Precision::automatic) return precision;
  return cpu_multiplies_bf16() ? Precision::bf16 : Precision::f32;
}

}  // namespace vidclass::backbone
