#include "torch/keras_layout.hpp"

#include <cmath>
#include <cstring>

namespace vidclass::torch {
namespace {

/// [3 units, ...] in LibTorch's gate order to Keras's, or back: the swap of the
/// first two gates is its own inverse.
::torch::Tensor swap_gates(const ::torch::Tensor& gates) {
  const auto parts = gates.chunk(3, 0);
  return ::torch::cat({parts[1], parts[0], parts[2]}, 0);
}

::torch::Tensor glorot_uniform(std::int64_t in, std::int64_t out, ::torch::Generator& generator) {
  const double limit = std::sqrt(6.0 / static_cast<double>(in + out));
  return ::torch::empty({in, out}).uniform_(-limit, limit, generator);
}

/// [rows, columns], rows <= columns, with orthonormal rows: the Q of a normal
/// matrix, signs set by R's diagonal so that it is uniformly distributed
/// (Mezzadri 2007; keras.initializers.Orthogonal).
::torch::Tensor orthogonal(std::int64_t rows, std::int64_t columns, ::torch::Generator& generator) {
  const auto [q, r] = ::torch::linalg_qr(::torch::empty({columns, rows}).normal_(0, 1, generator));
  return (q * r.diagonal().sign()).t();
}

}  // namespace

Tensor to_tensor(const ::torch::Tensor& source) {
  const ::torch::Tensor values = source.detach().to(::torch::kCPU, ::torch::kFloat32).contiguous();
  Tensor tensor(DType::f32, Shape(values.sizes().begin(), values.sizes().end()));
  std::memcpy(tensor.bytes().data(), values.data_ptr<float>(), tensor.bytes().size());
  return tensor;
}

::torch::Tensor to_torch(const Tensor& source) {
  const std::vector<std::int64_t> sizes(source.shape().begin(), source.shape().end());
  ::torch::Tensor values = ::torch::empty(sizes, ::torch::kFloat32);
  const auto from = source.data<float>();
  std::memcpy(values.data_ptr<float>(), from.data(), from.size_bytes());
  return values;
}

void export_dense(const ::torch::nn::Linear& layer, const std::string& name,
                  NamedTensors& parameters) {
  parameters[name + "/kernel"] = to_tensor(layer->weight.t());
  parameters[name + "/bias"] = to_tensor(layer->bias);
}

void export_gru(const ::torch::nn::GRU& layer, const std::string& name, NamedTensors& parameters) {
  const auto values = layer->named_parameters();
  parameters[name + "/kernel"] = to_tensor(swap_gates(values["weight_ih_l0"]).t());
  parameters[name + "/recurrent_kernel"] = to_tensor(swap_gates(values["weight_hh_l0"]).t());
  parameters[name + "/bias"] = to_tensor(
      ::torch::stack({swap_gates(values["bias_ih_l0"]), swap_gates(values["bias_hh_l0"])}));
}

void initialise_as_keras(::torch::nn::Linear& layer, ::torch::Generator& generator) {
  const ::torch::NoGradGuard no_grad;
  layer->weight.copy_(glorot_uniform(layer->weight.size(1), layer->weight.size(0), generator).t());
  layer->bias.zero_();
}

void initialise_as_keras(::torch::nn::GRU& layer, ::torch::Generator& generator) {
  const ::torch::NoGradGuard no_grad;
  auto values = layer->named_parameters();
  ::torch::Tensor& input = values["weight_ih_l0"];
  input.copy_(swap_gates(glorot_uniform(input.size(1), input.size(0), generator).t()));
  ::torch::Tensor& recurrent = values["weight_hh_l0"];
  recurrent.copy_(swap_gates(orthogonal(recurrent.size(1), recurrent.size(0), generator).t()));
  values["bias_ih_l0"].zero_();
  values["bias_hh_l0"].zero_();
}

}  // namespace vidclass::torch
