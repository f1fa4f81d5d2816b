#include "train/schedule.hpp"

#include <cmath>
#include <numbers>

namespace vidclass::train {

double learning_rate_at(const Recipe& recipe, double done) {
  if (done < recipe.warm_up) {
    return recipe.learning_rate * (0.1 + 0.9 * done / recipe.warm_up);
  }
  if (recipe.schedule == ScheduleKind::constant) return recipe.learning_rate;
  const double fallen = (done - recipe.warm_up) / (1 - recipe.warm_up);
  return recipe.learning_rate * 0.5 * (1 + std::cos(std::numbers::pi * fallen));
}

}  // namespace vidclass::train
