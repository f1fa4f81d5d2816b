// LibTorch as the engine of a network: what runs Xception on CUDA.
#pragma once

#include <memory>
#include <string>

#include "backbone/backbone.hpp"
#include "backbone/engine.hpp"

namespace vidclass::torch {

/// Xception in f32 or bf16 (products of bfloat16 summed in float32), with all poolings, on a device
/// as device_from() takes it. Throws UsageError for other networks and precisions, for
/// BackboneOptions::cells and where there is no such device; Error.
[[nodiscard]] std::unique_ptr<backbone::Engine> make_torch_engine(
    const std::string& device, const backbone::PreparedBackbone& network, backbone::Load load);

}  // namespace vidclass::torch
