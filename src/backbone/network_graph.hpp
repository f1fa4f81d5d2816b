// The graph of a network as it was asked for.
#pragma once

#include <cstddef>
#include <memory>

#include <openvino/core/model.hpp>

#include "backbone/backbone.hpp"

namespace vidclass::backbone {

/// The graph of make_graph() with what the options ask for: float32, or for int8 with FakeQuantize
/// nodes, from which OpenVINO makes int8 kernels. A file made for one frame at a time gives one for
/// a batch of 1. Throws Error for int8 without a calibration.
[[nodiscard]] std::shared_ptr<ov::Model> network_graph(const PreparedBackbone& network,
                                                       std::size_t batch);

/// The same for any number of frames at once. Throws Error for a file made for one at a time.
[[nodiscard]] std::shared_ptr<ov::Model> network_graph(const PreparedBackbone& network);

}  // namespace vidclass::backbone
