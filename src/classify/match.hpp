// Whether a model and a network belong together.
#pragma once

#include "backbone/backbone.hpp"
#include "model/model.hpp"

namespace vidclass::classify {

/// Throws Error if the model was trained with other weights, or if its heads do not take the
/// network's features to its labels.
void check_match(const model::Model& model, const backbone::BackboneInfo& network);

}  // namespace vidclass::classify
