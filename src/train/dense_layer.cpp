#include "train/dense_layer.hpp"

#include "train/matrix.hpp"

namespace vidclass::train {
namespace {

std::vector<const float*> rows_of(std::span<const float> values, std::size_t width) {
  std::vector<const float*> rows;
  for (std::size_t i = 0; i < values.size(); i += width) rows.push_back(values.data() + i);
  return rows;
}

}  // namespace

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
  std::vector<float> transposed(inputs_ * outputs_);
  for (std::size_t i = 0; i < inputs_; ++i) {
    for (std::size_t j = 0; j < outputs_; ++j) {
      transposed[j * inputs_ + i] = kernel_.value[i * outputs_ + j];
    }
  }
  const auto rows = rows_of(y, outputs_);
  std::vector<float> x(rows.size() * inputs_);
  multiply(rows, outputs_, transposed.data(), inputs_, nullptr, x.data());
  return x;
}

}  // namespace vidclass::train
