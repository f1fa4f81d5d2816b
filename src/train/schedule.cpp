#include "train/schedule.hpp"

#include <cmath>
#include <numbers>

namespace vidclass::train {

double share_of_peak(ScheduleKind kind, double warm_up, double done) {
  if (done < warm_up) return 0.1 + 0.9 * done / warm_up;
  if (kind == ScheduleKind::constant) return 1;
  const double fallen = (done - warm_up) / (1 - warm_up);
  return 0.5 * (1 + std::cos(std::numbers::pi * fallen));
}

}  // namespace vidclass::train
