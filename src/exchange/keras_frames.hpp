// The network for frames as layers of Keras.
#pragma once

#include <cstddef>

#include <openvino/core/model.hpp>

#include "exchange/keras_network.hpp"

namespace vidclass::exchange {

/// Adds the inputs "frames", uint8 [B, T, size, size, 3], and where the network reads motion
/// "motion_map", float32 [B, T, g, g], and the layers that make features, float32 [B, T, W], of
/// them, in the order in which heads read them. `graph`: of backbone::network_graph(); `frames`: T.
/// Throws Error naming an operation that is not written so.
[[nodiscard]] KerasNetwork::Value add_frames_network(KerasNetwork& network, const ov::Model& graph,
                                                     std::size_t frames);

}  // namespace vidclass::exchange
