// Random numbers that are the same with every compiler and standard library.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <utility>
#include <vector>

namespace vidclass {

/// SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number
/// generators", OOPSLA 2014). Not for cryptography. std::shuffle and the
/// distributions of <random> are not used, because what they give differs
/// between standard libraries. One thread at a time.
class Random {
public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  /// A generator of its own for each tuple of numbers.
  Random(std::initializer_list<std::uint64_t> seeds) : state_(0) {
    for (const std::uint64_t seed : seeds) state_ = next() ^ seed;
  }

  std::uint64_t next() {
    state_ += 0x9E3779B97F4A7C15U;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31);
  }

  /// Uniform in [0, bound); bound must not be 0.
  std::uint64_t below(std::uint64_t bound) {
    // Numbers from the incomplete last stretch would make the small ones likelier.
    const std::uint64_t limit = std::numeric_limits<std::uint64_t>::max() -
                                std::numeric_limits<std::uint64_t>::max() % bound;
    std::uint64_t value = next();
    while (value >= limit) value = next();
    return value % bound;
  }

  /// Uniform in [0, 1).
  double unit() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

  /// Uniform in [low, high).
  float between(float low, float high) { return low + (high - low) * static_cast<float>(unit()); }

  /// Fisher and Yates.
  template <typename T>
  void shuffle(std::vector<T>& items) {
    for (std::size_t i = items.size(); i > 1; --i) {
      std::swap(items[i - 1], items[static_cast<std::size_t>(below(i))]);
    }
  }

  /// A random choice of `count` of the items, in a random order: the first steps of Fisher and
  /// Yates. All of them if there are no more.
  template <typename T>
  void choose(std::vector<T>& items, std::size_t count) {
    const std::size_t kept = count < items.size() ? count : items.size();
    for (std::size_t i = 0; i < kept; ++i) {
      std::swap(items[i], items[i + static_cast<std::size_t>(below(items.size() - i))]);
    }
    items.resize(kept);
  }

  /// A generator of this state goes on where this one stands.
  [[nodiscard]] std::uint64_t state() const noexcept { return state_; }

private:
  std::uint64_t state_;
};

}  // namespace vidclass
