// The network for frames that a model needs.
#pragma once

#include "backbone/backbone.hpp"
#include "classify/classifier.hpp"
#include "model/model.hpp"

namespace vidclass::classify {

/// As it was for training, at the precision and on the device that are asked for. Throws UsageError
/// if it is a file that is not there.
[[nodiscard]] backbone::BackboneOptions network_options(const model::Model& model,
                                                        const ClassifierOptions& options);

}  // namespace vidclass::classify
