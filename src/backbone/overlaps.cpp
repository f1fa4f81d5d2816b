#include "backbone/overlaps.hpp"

#include <algorithm>

namespace vidclass::backbone {

std::vector<float> overlaps(std::size_t from, std::size_t to) {
  // In units of 1 / (from to) all ends are whole numbers.
  std::vector<float> shares(to * from);
  for (std::size_t t = 0; t < to; ++t) {
    for (std::size_t f = 0; f < from; ++f) {
      const std::size_t begin = std::max(t * from, f * to);
      const std::size_t end = std::min((t + 1) * from, (f + 1) * to);
      if (end > begin)
        shares[t * from + f] = static_cast<float>(end - begin) / static_cast<float>(to);
    }
  }
  return shares;
}

}  // namespace vidclass::backbone
