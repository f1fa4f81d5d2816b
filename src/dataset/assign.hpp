// Dealing groups of clips out to splits, class by class.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "core/random.hpp"

namespace vidclass::dataset {

/// Clips that must stay together: how many there are of each class they show.
struct Group {
  std::vector<std::pair<std::size_t, std::size_t>> clips_of_class;  // (class, clips > 0)
};

/// Gives each group a part, 0 to shares.size() - 1, so that every class has about
/// shares[p] of its clips in part p; the shares must add up to 1. Part 0 gets
/// some of every class, and each part some of every class that has at least as
/// many groups as there are parts, as far as groups that span classes allow (for
/// groups of one class it always holds).
///
/// The greedy dealing of scikit-learn's StratifiedGroupKFold, in random order,
/// followed by moves and exchanges while these bring the shares nearer.
[[nodiscard]] std::vector<std::size_t> assign_groups(const std::vector<Group>& groups,
                                                     std::size_t classes,
                                                     const std::vector<double>& shares,
                                                     Random& random);

}  // namespace vidclass::dataset
