// A head under training.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "head/head.hpp"
#include "train/features.hpp"
#include "train/loss.hpp"
#include "train/recipe.hpp"

namespace vidclass::train {

/// Values that training changes, and their gradient. Both spans are of one length
/// and stay where they are as long as the learner lives.
struct Parameter {
  std::string name;
  std::span<float> value;
  std::span<float> gradient;
  bool decays = false;  // weight decay applies: a kernel, not a bias
};

/// One thread at a time; several learners may work at the same time.
class Learner {
public:
  virtual ~Learner() = default;

  /// Looks at the training clips, once, before anything else (normalisation).
  virtual void prepare(const LabelledFeatures& data) = 0;
  /// Always the same parameters in the same order.
  [[nodiscard]] virtual std::span<const Parameter> parameters() = 0;
  /// One forward and backward pass with dropout: adds `scale` times the gradient of
  /// the batch's loss to that of the parameters, and returns the loss.
  virtual double add_gradients(const Batch& batch, const Loss& loss, double scale) = 0;
  /// float32 [B, L], without dropout.
  [[nodiscard]] virtual Tensor probabilities(const Batch& batch) = 0;
  /// As head::Head::parameters.
  [[nodiscard]] virtual NamedTensors export_parameters() = 0;
  /// What decides the random numbers to come. set_random_state() throws Error for
  /// what is not such a state.
  [[nodiscard]] virtual Tensor random_state() const = 0;
  virtual void set_random_state(const Tensor& state) = 0;
};

/// Of a head of any kind that is trained; that of `moments` reads clips as moments_over_time()
/// makes them. All that is random, the first values and dropout, follows from `seed`. Throws Error
/// for another kind.
[[nodiscard]] std::unique_ptr<Learner> make_learner(const head::HeadSpec& spec,
                                                    const Recipe& recipe, std::uint64_t seed);

}  // namespace vidclass::train
