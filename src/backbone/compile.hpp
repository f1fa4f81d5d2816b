// How networks are compiled.
#pragma once

#include <openvino/openvino.hpp>

#include "backbone/backbone.hpp"

namespace vidclass::backbone {

[[nodiscard]] ov::AnyMap compile_properties(const BackboneOptions& options, Precision precision,
                                            Load load);

/// Frames of a batch.
[[nodiscard]] std::size_t batch_for(const BackboneOptions& options, Load load);

}  // namespace vidclass::backbone
