// How sure a mean is whose values come in groups.
#pragma once

#include <cstddef>
#include <vector>

namespace vidclass::train {

/// Of at least one.
[[nodiscard]] double mean_of(const std::vector<double>& values);

/// Standard error of the mean of `values` when those of a group come together: the deviation of
/// the groups' sums about their share of the total. Infinite for fewer than two groups.
[[nodiscard]] double standard_error(const std::vector<double>& values,
                                    const std::vector<std::size_t>& groups);

}  // namespace vidclass::train
