#include "dataset/assign.hpp"

#include <algorithm>
#include <numeric>

namespace vidclass::dataset {
namespace {

// The squared deviations below are of the order of 1 a class, so that a class
// without any clip to learn from outweighs a class missing elsewhere, and that
// outweighs all deviations.
constexpr double missing_from_first = 1e6;
constexpr double missing_from_other = 1e3;

// Exchanging two groups is tried for all pairs; with many groups, moves alone
// come as near.
constexpr std::size_t most_groups_to_exchange = 400;
constexpr int most_rounds = 20;
constexpr int most_attempts = 20;

/// An assignment and its cost, kept up to date as groups move.
class Deal {
public:
  Deal(const std::vector<Group>& groups, std::size_t classes, const std::vector<double>& shares)
      : groups_(groups),
        shares_(shares),
        of_class_(classes),
        groups_of_class_(classes),
        clips_(classes * shares.size()),
        groups_in_(classes * shares.size()),
        clips_in_part_(shares.size()),
        part_of_(groups.size(), nowhere) {
    for (const Group& group : groups) {
      for (const auto& [label, clips] : group.clips_of_class) {
        of_class_[label] += static_cast<double>(clips);
        ++groups_of_class_[label];
        all_ += static_cast<double>(clips);
      }
    }
  }

  void deal(Random& random) {
    std::vector<std::size_t> order(groups_.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    random.shuffle(order);
    for (const std::size_t group : order) {
      std::size_t best = 0;
      double best_cost = 0;
      for (std::size_t part = 0; part < shares_.size(); ++part) {
        const double cost = place(group, part);
        if (part == 0 || cost < best_cost) {
          best = part;
          best_cost = cost;
        }
        take_away(group);
      }
      place(group, best);
    }
    bool better = true;
    for (int round = 0; round < most_rounds && better; ++round) {
      better = improve_by_moves(order);
      if (!better && groups_.size() <= most_groups_to_exchange)
        better = improve_by_exchanges(order);
    }
  }

  [[nodiscard]] const std::vector<std::size_t>& parts() const { return part_of_; }

  [[nodiscard]] double cost() const {
    double sum = 0;
    for (std::size_t label = 0; label < of_class_.size(); ++label) sum += cost_of_class(label);
    return sum + cost_of_totals();
  }

private:
  static constexpr std::size_t nowhere = static_cast<std::size_t>(-1);
  static constexpr double enough = 1e-9;  // less is rounding

  [[nodiscard]] double cost_of_class(std::size_t label) const {
    if (groups_of_class_[label] == 0) return 0;
    double cost = 0;
    for (std::size_t part = 0; part < shares_.size(); ++part) {
      const std::size_t cell = label * shares_.size() + part;
      const double off = clips_[cell] / of_class_[label] - shares_[part];
      cost += off * off;
      if (groups_in_[cell] > 0) continue;
      if (part == 0) cost += missing_from_first;
      if (part > 0 && groups_of_class_[label] >= shares_.size()) cost += missing_from_other;
    }
    return cost;
  }

  /// Keeps rounding from going the same way in all classes.
  [[nodiscard]] double cost_of_totals() const {
    double cost = 0;
    for (std::size_t part = 0; part < shares_.size(); ++part) {
      const double off = clips_in_part_[part] / all_ - shares_[part];
      cost += off * off;
    }
    return cost;
  }

  [[nodiscard]] double cost_around(std::size_t group) const {
    double cost = cost_of_totals();
    for (const auto& [label, clips] : groups_[group].clips_of_class) cost += cost_of_class(label);
    return cost;
  }

  /// The change in cost that comes with it.
  double place(std::size_t group, std::size_t part) {
    const double before = cost_around(group);
    count(group, part, 1);
    part_of_[group] = part;
    return cost_around(group) - before;
  }

  double take_away(std::size_t group) {
    const double before = cost_around(group);
    count(group, part_of_[group], -1);
    part_of_[group] = nowhere;
    return cost_around(group) - before;
  }

  double move(std::size_t group, std::size_t part) {
    const double change = take_away(group);
    return change + place(group, part);
  }

  void count(std::size_t group, std::size_t part, int sign) {
    for (const auto& [label, clips] : groups_[group].clips_of_class) {
      clips_[label * shares_.size() + part] += sign * static_cast<double>(clips);
      groups_in_[label * shares_.size() + part] += sign;
      clips_in_part_[part] += sign * static_cast<double>(clips);
    }
  }

  bool improve_by_moves(const std::vector<std::size_t>& order) {
    bool better = false;
    for (const std::size_t group : order) {
      for (std::size_t part = 0; part < shares_.size(); ++part) {
        const std::size_t home = part_of_[group];
        if (part == home) continue;
        if (move(group, part) < -enough) {
          better = true;
        } else {
          move(group, home);
        }
      }
    }
    return better;
  }

  bool improve_by_exchanges(const std::vector<std::size_t>& order) {
    bool better = false;
    for (std::size_t i = 0; i < order.size(); ++i) {
      for (std::size_t j = i + 1; j < order.size(); ++j) {
        const std::size_t a = order[i], b = order[j];
        const std::size_t part_a = part_of_[a], part_b = part_of_[b];
        if (part_a == part_b) continue;
        double change = move(a, part_b);
        change += move(b, part_a);
        if (change < -enough) {
          better = true;
        } else {
          move(a, part_a);
          move(b, part_b);
        }
      }
    }
    return better;
  }

  const std::vector<Group>& groups_;
  const std::vector<double>& shares_;
  std::vector<double> of_class_;              // clips
  std::vector<std::size_t> groups_of_class_;  // groups
  std::vector<double> clips_;                 // [class][part]
  std::vector<int> groups_in_;                // [class][part]
  std::vector<double> clips_in_part_;
  std::vector<std::size_t> part_of_;
  double all_ = 0;
};

}  // namespace

std::vector<std::size_t> assign_groups(const std::vector<Group>& groups, std::size_t classes,
                                       const std::vector<double>& shares, Random& random) {
  std::vector<std::size_t> best;
  double best_cost = 0;
  // Groups that span classes can leave the moves stuck with a class missing
  // somewhere; another order mostly finds the way.
  for (int attempt = 0; attempt < most_attempts; ++attempt) {
    Deal deal(groups, classes, shares);
    deal.deal(random);
    const double cost = deal.cost();
    if (attempt == 0 || cost < best_cost) {
      best = deal.parts();
      best_cost = cost;
    }
    if (best_cost < missing_from_other) break;
  }
  return best;
}

}  // namespace vidclass::dataset
