// A GRU with its gradients written out.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "train/matrix.hpp"
#include "train/weights.hpp"

namespace vidclass::train {

/// Frames of several clips as rows, clip after clip; clip i has the rows
/// starts[i] to starts[i + 1].
struct Sequences {
  std::vector<const float*> rows;
  std::vector<std::size_t> starts{0};
};

/// As Keras's GRU with reset_after (keras.layers.GRU), gates in the order update z,
/// reset r, candidate c:
///   z = s(x Kz + bz + h Uz + b'z), r = s(x Kr + br + h Ur + b'r),
///   c = tanh(x Kc + bc + r (h Uc + b'c)), h' = z h + (1 - z) c.
/// Units are 8 or 16, so that the compiler keeps a clip's state in registers.
template <std::size_t units>
class GruLayer {
public:
  static constexpr std::size_t gates = 3 * units;

  /// Adds `name`/kernel, `name`/recurrent_kernel and `name`/bias, initialised as
  /// Keras does.
  GruLayer(Weights& weights, const std::string& name, std::size_t inputs, Random& random);

  /// The state after each frame, [rows, units]; `sequences` must live until
  /// backward().
  const std::vector<float>& forward(const Sequences& sequences);
  /// `states`: gradient by each state of the last forward(), [rows, units]. Adds to
  /// the weights' gradients, and returns that by x K + b, [rows, gates].
  const std::vector<float>& backward(std::span<const float> states);

  [[nodiscard]] const Weight& kernel() const noexcept { return kernel_; }

private:
  std::size_t inputs_;
  Weight& kernel_;     // [inputs, gates]
  Weight& recurrent_;  // [units, gates]
  Weight& bias_;       // [2, gates]

  const Sequences* sequences_ = nullptr;
  // One row a frame, of the last forward().
  std::vector<float> states_;        // [rows, units]
  std::vector<float> activations_;   // [rows, gates]: z, r, c
  std::vector<float> candidate_in_;  // [rows, units]: h Uc + b'c
  // ... and of the last backward(): gradients by x K + b and by h U + b'.
  std::vector<float> of_input_;  // [rows, gates]
  std::vector<float> of_state_;  // [rows, gates]
};

extern template class GruLayer<8>;
extern template class GruLayer<16>;

}  // namespace vidclass::train
