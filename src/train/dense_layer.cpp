#include "train/dense_layer.hpp"

#include "train/matrix.hpp"

namespace vidclass::train {
DenseLayer::DenseLayer(Weights& weights, const std::string& name, std::size_t inputs,
                       std::size_t outputs)
    : inputs_(inputs),
      outputs_(outputs),
      kernel_(weights.add(name + "/kernel", {inputs, outputs})),
      bias_(weights.add(name + "/bias", {outputs})) {}

DenseLayer::DenseLayer(Weights& weights, const std::string& name, std::size_t inputs,
                       std::size_t outputs, Random& random)
    : DenseLayer(weights, name, inputs, outputs) {
  initialise_glorot_uniform(kernel_, random);
}

std::vector<float> DenseLayer::forward(std::span<const float> x) {
  const auto rows = rows_of(x, inputs_);
  std::vector<float> y(rows.size() * outputs_);
  multiply(rows, inputs_, kernel_.value.data(), outputs_, bias_.value.data(), y.data());
  return y;
}

void DenseLayer::add_gradients(std::span<const float> x, std::span<const float> y) {
  add_outer_products(rows_of(x, inputs_), inputs_, y.data(), outputs_, kernel_.gradient.data());
  for (std::size_t i = 0; i < y.size(); i += outputs_) {
    for (std::size_t j = 0; j < outputs_; ++j) bias_.gradient[j] += y[i + j];
  }
}

std::vector<float> DenseLayer::backward(std::span<const float> y) const {
  const auto rows = rows_of(y, outputs_);
  std::vector<float> x(rows.size() * inputs_);
  multiply_transposed(rows, outputs_, kernel_.value.data(), inputs_, x.data());
  return x;
}

}  // namespace vidclass::train
