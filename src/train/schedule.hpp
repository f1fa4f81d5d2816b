// The learning rate over the course of a training.
#pragma once

#include "train/recipe.hpp"

namespace vidclass::train {

/// What part of its peak the learning rate has. `done`: share of all steps behind, 0 to 1. Over
/// the warm-up, a share of the steps, it rises linearly from a tenth; then it stays, or falls along
/// half a cosine (Loshchilov and Hutter 2017).
[[nodiscard]] double share_of_peak(ScheduleKind kind, double warm_up, double done);

}  // namespace vidclass::train
