#include "backbone/cpu.hpp"

#include <fstream>
#include <thread>

#include "core/format.hpp"

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

std::string cpu_name() {
  std::ifstream file("/proc/cpuinfo");
  std::string name = "unknown";
  for (std::string line; std::getline(file, line);) {
    const auto colon = line.find(": ");
    if (!line.starts_with("model name") || colon == std::string::npos) continue;
    name = line.substr(colon + 2);
    break;
  }
  return format("{} x {}", std::thread::hardware_concurrency(), name);
}

}  // namespace vidclass::backbone
