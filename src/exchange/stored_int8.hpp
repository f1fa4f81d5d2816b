// Weights of int8 networks, stored as whole numbers.
#pragma once

#include <openvino/core/model.hpp>

namespace vidclass::exchange {

/// Puts int8 constants and their scales, a quarter of the room, in the place of weights that stand
/// as float32 behind a FakeQuantize node of whole steps (backbone::quantise()): the form in which
/// OpenVINO's own tools store them and its plugins look for them. The values are the same but for
/// the rounding of one product in float32.
void store_weights_as_int8(ov::Model& model);

}  // namespace vidclass::exchange
