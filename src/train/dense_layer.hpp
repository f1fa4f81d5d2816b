// A dense layer with its gradients written out.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "train/weights.hpp"

namespace vidclass::train {

/// y = x K + b.
class DenseLayer {
public:
  /// Adds `name`/kernel [inputs, outputs] and `name`/bias, both zero ...
  DenseLayer(Weights& weights, const std::string& name, std::size_t inputs, std::size_t outputs);
  /// ... or the kernel Glorot-uniform.
  DenseLayer(Weights& weights, const std::string& name, std::size_t inputs, std::size_t outputs,
             Random& random);

  /// [rows, inputs] to [rows, outputs].
  [[nodiscard]] std::vector<float> forward(std::span<const float> x);
  /// `y`: gradient by the last result, of which `x` was the input. Adds to the
  /// weights' gradients.
  void add_gradients(std::span<const float> x, std::span<const float> y);
  /// Gradient by x, [rows, inputs].
  [[nodiscard]] std::vector<float> backward(std::span<const float> y) const;

private:
  std::size_t inputs_;
  std::size_t outputs_;
  Weight& kernel_;
  Weight& bias_;
};

}  // namespace vidclass::train
