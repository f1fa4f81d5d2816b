// How a model was trained, in few numbers.
#pragma once

#include "core/json.hpp"
#include "model/model.hpp"

namespace vidclass::model {

/// What `train --json` and `run --json` promise of a model that tells of its training: means over
/// its members, the choice of its ensemble, and of its streams where it has two.
[[nodiscard]] Json training_summary(const Model& model);

}  // namespace vidclass::model
