// What the learners with written-out gradients share.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

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

[[nodiscard]] std::unique_ptr<Learner> make_mean_learner(const head::HeadSpec& spec,
                                                         std::uint64_t seed);
[[nodiscard]] std::unique_ptr<Learner> make_keras_gru_learner(const head::HeadSpec& spec,
                                                              std::uint64_t seed);
/// `dropout`: share of the moments that a training step leaves out.
[[nodiscard]] std::unique_ptr<Learner> make_moments_learner(const head::HeadSpec& spec,
                                                            double dropout, std::uint64_t seed);

}  // namespace vidclass::train
