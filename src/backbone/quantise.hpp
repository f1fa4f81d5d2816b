// From a float32 graph and the ranges of its activations to an int8 graph.
#pragma once

#include <memory>

#include <openvino/core/model.hpp>

#include "backbone/calibration.hpp"

namespace vidclass::backbone {

/// Puts FakeQuantize nodes before the convolutions of `model`, from which OpenVINO makes
/// int8 kernels: weights in 2^weight_bits - 1 steps about zero, a range for each output
/// channel; activations in 256 steps, a range for each channel, which the weights that
/// read it take over. Biases make up for the average error of both. Throws Error if
/// `calibration` is not of this graph.
void quantise(ov::Model& model, const Calibration& calibration, int weight_bits);

}  // namespace vidclass::backbone
