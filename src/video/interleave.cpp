#include "video/interleave.hpp"

#include <cstddef>

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#define VIDCLASS_HAS_SSSE3 1
#endif

namespace vidclass::video {
namespace {

void interleave_bytes(const std::uint8_t* red, const std::uint8_t* green, const std::uint8_t* blue,
                      int width, std::uint8_t* target) noexcept {
  for (int x = 0; x < width; ++x, target += 3) {
    target[0] = red[x];
    target[1] = green[x];
    target[2] = blue[x];
  }
}

#ifdef VIDCLASS_HAS_SSSE3
/// For each of the three registers of 16 pixels and each channel, where the register's bytes
/// come from: byte i of all 48 is channel i % 3 of pixel i / 3; -1 gives 0.
struct Places {
  alignas(16) std::int8_t from[3][3][16];
};
constexpr Places places = [] {
  Places table{};
  for (int byte = 0; byte < 48; ++byte) {
    for (int channel = 0; channel < 3; ++channel) {
      table.from[byte / 16][channel][byte % 16] =
          static_cast<std::int8_t>(byte % 3 == channel ? byte / 3 : -1);
    }
  }
  return table;
}();

/// GCC makes no use of byte shuffles here by itself, and is five times as slow without.
__attribute__((target("ssse3"))) int interleave_blocks(const std::uint8_t* red,
                                                       const std::uint8_t* green,
                                                       const std::uint8_t* blue, int width,
                                                       std::uint8_t* target) noexcept {
  const std::uint8_t* const planes[3] = {red, green, blue};
  __m128i masks[3][3];
  for (int output = 0; output < 3; ++output) {
    for (int channel = 0; channel < 3; ++channel) {
      masks[output][channel] =
          _mm_load_si128(reinterpret_cast<const __m128i*>(places.from[output][channel]));
    }
  }
  int x = 0;
  for (; x + 16 <= width; x += 16, target += 48) {
    __m128i pixels[3];
    for (int channel = 0; channel < 3; ++channel) {
      pixels[channel] = _mm_loadu_si128(reinterpret_cast<const __m128i*>(planes[channel] + x));
    }
    for (int output = 0; output < 3; ++output) {
      const __m128i bytes =
          _mm_or_si128(_mm_or_si128(_mm_shuffle_epi8(pixels[0], masks[output][0]),
                                    _mm_shuffle_epi8(pixels[1], masks[output][1])),
                       _mm_shuffle_epi8(pixels[2], masks[output][2]));
      _mm_storeu_si128(reinterpret_cast<__m128i*>(target + 16 * output), bytes);
    }
  }
  return x;
}
#endif

}  // namespace

void interleave_row(const std::uint8_t* red, const std::uint8_t* green, const std::uint8_t* blue,
                    int width, std::uint8_t* target) noexcept {
  int done = 0;
#ifdef VIDCLASS_HAS_SSSE3
  if (__builtin_cpu_supports("ssse3")) {
    done = interleave_blocks(red, green, blue, width, target);
  }
#endif
  interleave_bytes(red + done, green + done, blue + done, width - done,
                   target + std::ptrdiff_t{3} * done);
}

}  // namespace vidclass::video
