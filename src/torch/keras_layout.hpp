// Between LibTorch's parameters and the layouts of vidclass/head/head.hpp.
#pragma once

#include <string>

#include <torch/torch.h>

#include "core/safetensors.hpp"

namespace vidclass::torch {

/// float32 copy, in C order, of a tensor on any device.
[[nodiscard]] Tensor to_tensor(const ::torch::Tensor& source);
[[nodiscard]] ::torch::Tensor to_torch(const Tensor& source);

/// Linear's weight [out, in] and bias to `name`/kernel [in, out], `name`/bias.
void export_dense(const ::torch::nn::Linear& layer, const std::string& name,
                  NamedTensors& parameters);

/// A one-directional, one-layer GRU: LibTorch orders the gates reset, update,
/// candidate, Keras update, reset, candidate; both apply reset after the
/// recurrent product.
void export_gru(const ::torch::nn::GRU& layer, const std::string& name, NamedTensors& parameters);

/// Sets what Keras starts from: kernels Glorot-uniform over their Keras shapes,
/// recurrent kernels orthogonal over [units, 3 units], biases zero
/// (keras.layers.GRU and keras.layers.Dense, "kernel_initializer" and so on).
void initialise_as_keras(::torch::nn::Linear& layer, ::torch::Generator& generator);
void initialise_as_keras(::torch::nn::GRU& layer, ::torch::Generator& generator);

}  // namespace vidclass::torch
