// Things that belong together, set by set.
#pragma once

#include <algorithm>
#include <cstddef>
#include <map>
#include <numeric>
#include <span>
#include <vector>

namespace vidclass::dataset {

/// At first each of N things is by itself. One thread at a time.
class Sets {
public:
  explicit Sets(std::size_t size) : parent_(size) {
    std::iota(parent_.begin(), parent_.end(), std::size_t{0});
  }

  void join(std::size_t one, std::size_t other) {
    const std::size_t first = first_of(one), second = first_of(other);
    parent_[std::max(first, second)] = std::min(first, second);
  }

  /// Those of one number: one a member.
  void join_equal(std::span<const std::size_t> numbers) {
    std::map<std::size_t, std::size_t> first;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      join(first.try_emplace(numbers[i], i).first->second, i);
    }
  }

  /// The set of each, numbered from 0 by their first members.
  [[nodiscard]] std::vector<std::size_t> numbered() {
    std::vector<std::size_t> numbers(parent_.size());
    std::size_t count = 0;
    for (std::size_t i = 0; i < parent_.size(); ++i) {
      const std::size_t first = first_of(i);
      numbers[i] = first == i ? count++ : numbers[first];
    }
    return numbers;
  }

private:
  std::size_t first_of(std::size_t i) {
    while (parent_[i] != i) i = parent_[i] = parent_[parent_[i]];
    return i;
  }

  std::vector<std::size_t> parent_;  // never behind it
};

}  // namespace vidclass::dataset
