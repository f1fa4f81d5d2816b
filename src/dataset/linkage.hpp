// Clusters of things that are alike.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace vidclass::dataset {

/// How alike each two of N things are. Values are rounded to
/// 1/256 and kept within -100 and 100, in two bytes a pair. Different pairs may be set by different
/// threads.
class Similarities {
public:
  explicit Similarities(std::size_t size) : size_(size), values_(size * (size - 1) / 2) {}

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  /// Of two different things, in either order.
  [[nodiscard]] float of(std::size_t one, std::size_t other) const {
    return static_cast<float>(values_[place_of(one, other)]) / scale;
  }
  void set(std::size_t one, std::size_t other, float similarity);

private:
  static constexpr float scale = 256;

  [[nodiscard]] static std::size_t place_of(std::size_t one, std::size_t other) {
    return one > other ? one * (one - 1) / 2 + other : other * (other - 1) / 2 + one;
  }

  std::size_t size_;
  std::vector<std::int16_t> values_;
};

/// Average linkage (UPGMA: Sokal and Michener 1958): two clusters become one for as long as the
/// mean similarity of their pairs is above a limit, the most alike first, so that one pair that
/// looks alike by chance joins no two clusters. By chains of nearest neighbours (Murtagh 1983), in
/// time that grows with the square of N. For each of `limits` the cluster of each thing, numbered
/// from 0 by their first members.
[[nodiscard]] std::vector<std::vector<std::size_t>> average_linkage(Similarities similarities,
                                                                    std::span<const float> limits);

}  // namespace vidclass::dataset
