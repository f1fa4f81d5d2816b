// Layers of networks that were trained elsewhere, as Keras defines them
// (https://keras.io/api/layers/), for inference.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "vidclass/tensor.hpp"

namespace vidclass::head {

enum class LayerKind {
  gru,
  lstm,
  dense,       // of each frame, or of the clip
  activation,  // alone
  batch_norm,  // by the moving mean and variance
  layer_norm,  // over the values of a frame, or of the clip
  mean_over_time,
  max_over_time,
  flatten,  // all frames' values side by side; needs a fixed number of frames
};

enum class Activation {
  linear,
  relu,
  relu6,
  sigmoid,
  tanh,
  softmax,
  elu,
  selu,
  gelu,  // by the error function
  softplus,
  softsign,
  silu,
  exponential,
  leaky_relu,    // x, or Layer::slope times x below 0
  hard_sigmoid,  // Layer::slope times x plus 1/2, kept within 0 and 1
};

/// How the states of both directions become one.
enum class Merge { concat, sum, average, multiply };

/// A layer takes [B, T, X] or, once time is gone, [B, X].
struct Layer {
  LayerKind kind = LayerKind::dense;
  std::string name{};     // of its parameters; unique
  std::size_t units = 0;  // of gru, lstm (in each direction) and dense
  /// Of a gru and an lstm: of the candidate and output; relu, sigmoid or tanh.
  Activation activation = Activation::linear;
  Activation recurrent_activation = Activation::sigmoid;  // of their gates; the same three
  bool reset_after = true;  // gru: the reset gate acts on the product, not on the state
  bool sequences = false;   // gru, lstm: give each frame's state, not the last one's
  std::optional<Merge> both_directions{};  // gru, lstm: of a bidirectional one
  /// gru, lstm, mean_over_time: they know where a clip ends and look at nothing behind it;
  /// otherwise they run over all HeadSpec::steps.
  bool masked = true;
  float epsilon = 1e-3F;  // of the norms
  float slope = 0;        // of leaky_relu, from 0 to 1, and of hard_sigmoid
};

/// The names and shapes of the parameters of layers that take [B, T, features] and end in [B,
/// labels]. Of each, in Keras's layouts and order:
///
///   gru, lstm     kernel [X, G], recurrent_kernel [units, G], bias [G] with G = 3 units of a gru
///                 (gates update, reset, candidate) and 4 units of an lstm (input, forget, cell,
///                 output); bias [2, G] of a gru with reset_after; under "<name>/forward/" and
///                 "<name>/backward/" of both directions, else "<name>/"
///   dense         kernel [X, units], bias [units]
///   batch_norm    gamma, beta, moving_mean, moving_variance [X]
///   layer_norm    gamma, beta [X]
///
/// Throws Error naming the layer that does not fit the one before it.
[[nodiscard]] std::vector<std::pair<std::string, Shape>> parameter_shapes(
    const std::vector<Layer>& layers, std::size_t features, std::size_t steps, std::size_t labels);

[[nodiscard]] std::string_view to_string(LayerKind kind) noexcept;
[[nodiscard]] std::string_view to_string(Activation activation) noexcept;
[[nodiscard]] std::string_view to_string(Merge merge) noexcept;
/// Nothing for another name.
[[nodiscard]] std::optional<LayerKind> layer_kind_from(std::string_view name) noexcept;
[[nodiscard]] std::optional<Activation> activation_from(std::string_view name) noexcept;
[[nodiscard]] std::optional<Merge> merge_from(std::string_view name) noexcept;

}  // namespace vidclass::head
