// The learning rate over the course of a training.
#pragma once

#include "train/recipe.hpp"

namespace vidclass::train {

/// `done`: share of all steps behind, 0 to 1. Over the recipe's warm-up the rate rises
/// linearly from a tenth of its peak; then it stays, or falls along half a cosine
/// (Loshchilov and Hutter 2017).
[[nodiscard]] double learning_rate_at(const Recipe& recipe, double done);

}  // namespace vidclass::train
