#include "backbone/cpu.hpp"

namespace vidclass::backbone {

bool cpu_multiplies_bf16() noexcept {
#if defined(__x86_64__)
  // Every CPU with AMX-BF16 has AVX512-BF16 as well.
  return static_cast<bool>(__builtin_cpu_supports("avx512bf16"));
#else
  return false;
#endif
}

int int8_weight_bits() noexcept {
#if defined(__x86_64__)
  const bool has_vnni = __builtin_cpu_supports("avx512vnni") || __builtin_cpu_supports("avxvnni");
  return has_vnni ? 8 : 7;
#else
  return 8;
#endif
}

}  // namespace vidclass::backbone
