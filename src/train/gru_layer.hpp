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

  [[nodiscard]] std::size_t clips() const noexcept { return starts.size() - 1; }
  [[nodiscard]] std::size_t frames(std::size_t clip) const noexcept {
    return starts[clip + 1] - starts[clip];
  }
};

/// As Keras's GRU with reset_after (keras.layers.GRU), gates in the order update z,
/// reset r, candidate c:
///   z = s(x Kz + bz + h Uz + b'z), r = s(x Kr + br + h Ur + b'r),
///   c = tanh(x Kc + bc + r (h Uc + b'c)), h' = z h + (1 - z) c.
/// The clips of a batch go through a step together.
class GruLayer {
public:
  /// Adds `name`/kernel, `name`/recurrent_kernel and `name`/bias, initialised as
  /// Keras does.
  GruLayer(Weights& weights, const std::string& name, std::size_t inputs, std::size_t units,
           Random& random);

  /// The state after each frame, [rows, units]; `sequences` must live until
  /// backward().
  const std::vector<float>& forward(const Sequences& sequences);
  /// `states`: gradient by each state of the last forward(), [rows, units]. Adds to
  /// the weights' gradients.
  void backward(std::span<const float> states);
  /// After backward(): gradient by the rows of the sequences, [rows, inputs].
  [[nodiscard]] std::vector<float> input_gradients() const;

private:
  /// Clips that have a frame t, and the row of that frame in each.
  struct Step {
    std::vector<std::size_t> clips;
    std::vector<std::size_t> rows;
  };
  [[nodiscard]] static std::vector<Step> steps_of(const Sequences& sequences);
  /// The state that the frame of a row found; null before a clip's first frame.
  [[nodiscard]] const float* state_before(std::size_t row, std::size_t step) const {
    return step == 0 ? nullptr : states_.data() + (row - 1) * units_;
  }

  std::size_t inputs_;
  std::size_t units_;
  std::size_t gates_;  // 3 units
  Weight& kernel_;     // [inputs, gates]
  Weight& recurrent_;  // [units, gates]
  Weight& bias_;       // [2, gates]

  const Sequences* sequences_ = nullptr;
  std::vector<Step> steps_;  // of these
  // One row a frame, of the last forward().
  std::vector<float> states_;        // [rows, units]
  std::vector<float> activations_;   // [rows, gates]: z, r, c
  std::vector<float> candidate_in_;  // [rows, units]: h Uc + b'c
  // ... and of the last backward(): gradients by x K + b and by h U + b'.
  std::vector<float> of_input_;  // [rows, gates]
  std::vector<float> of_state_;  // [rows, gates]
};

}  // namespace vidclass::train
