// What this CPU multiplies natively.
#pragma once

#include <string>

namespace vidclass::backbone {

[[nodiscard]] bool cpu_multiplies_bf16() noexcept;

/// Bits of an int8 weight that may be used: 8, or 7 where products are summed in
/// pairs in 16 bits, which saturate above 32767 (255 * 127 * 2 does, 255 * 63 * 2 does
/// not): x86 without VNNI.
[[nodiscard]] int int8_weight_bits() noexcept;

/// As the kernel calls it, and how many there are.
[[nodiscard]] std::string cpu_name();

}  // namespace vidclass::backbone
