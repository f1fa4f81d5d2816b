// What the learners share: weights and random numbers of their own.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "train/dense_layer.hpp"
#include "train/learner.hpp"
#include "train/weights.hpp"

namespace vidclass::train {

class PlainLearner : public Learner {
public:
  [[nodiscard]] std::span<const Parameter> parameters() override;
  [[nodiscard]] Tensor random_state() const override;
  void set_random_state(const Tensor& state) override;

protected:
  PlainLearner(head::HeadSpec spec, std::uint64_t seed) : spec_(std::move(spec)), random_(seed) {}

  head::HeadSpec spec_;
  Random random_;
  Weights weights_;

private:
  std::vector<Parameter> parameters_;
};

/// A linear classifier on one vector of each clip.
class LinearLearner : public PlainLearner {
public:
  double add_gradients(const Batch& batch, const Loss& loss, double scale) final;
  [[nodiscard]] Tensor probabilities(const Batch& batch) final;

protected:
  using PlainLearner::PlainLearner;

  /// The clips' vectors, [B, W].
  [[nodiscard]] virtual std::vector<float> inputs(const Batch& batch) const = 0;
  /// Of a training step: with dropout, where there is any.
  [[nodiscard]] virtual std::vector<float> training_inputs(const Batch& batch) {
    return inputs(batch);
  }

  std::optional<DenseLayer> classifier_;  // made by the constructors of those that derive

private:
  [[nodiscard]] Tensor logits_of(const Batch& batch, const std::vector<float>& x);
};

[[nodiscard]] std::unique_ptr<Learner> make_mean_learner(const head::HeadSpec& spec,
                                                         std::uint64_t seed);
[[nodiscard]] std::unique_ptr<Learner> make_keras_gru_learner(const head::HeadSpec& spec,
                                                              std::uint64_t seed);
/// `dropout`: share of the moments that a training step leaves out.
[[nodiscard]] std::unique_ptr<Learner> make_moments_learner(const head::HeadSpec& spec,
                                                            double dropout, std::uint64_t seed);

}  // namespace vidclass::train
