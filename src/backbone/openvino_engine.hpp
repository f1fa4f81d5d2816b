// OpenVINO as the engine of a network.
#pragma once

#include <memory>

#include <openvino/openvino.hpp>

#include "backbone/backbone.hpp"
#include "backbone/engine.hpp"

namespace vidclass::backbone {

/// Lets go of the model when it is compiled. Throws Error.
[[nodiscard]] std::unique_ptr<Engine> make_openvino_engine(std::shared_ptr<ov::Model> model,
                                                           const BackboneOptions& options,
                                                           const BackboneInfo& info, Load load);

}  // namespace vidclass::backbone
