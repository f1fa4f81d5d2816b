// Between grids of different fineness over one square.
#pragma once

#include <cstddef>
#include <vector>

namespace vidclass::backbone {

/// [to, from]: what share of each of `from` equal parts of a line lies in each of `to` equal
/// parts of it. Columns sum to 1.
[[nodiscard]] std::vector<float> overlaps(std::size_t from, std::size_t to);

}  // namespace vidclass::backbone
