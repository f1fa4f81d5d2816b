// A running average of weights over the steps of a training.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include <torch/torch.h>

namespace vidclass::torch {

/// Polyak and Juditsky 1992, exponentially weighted as in Morales-Brotons et al. 2024;
/// young averages forget their beginning more quickly. One thread at a time.
class WeightAverage {
public:
  WeightAverage(std::vector<::torch::Tensor> weights, double keep)
      : weights_(std::move(weights)), keep_(keep) {
    for (const ::torch::Tensor& weight : weights_) average_.push_back(weight.detach().clone());
  }

  /// To be called after every step.
  void update() {
    const ::torch::NoGradGuard no_grad;
    ++steps_;
    const double young = (1.0 + static_cast<double>(steps_)) / (10.0 + static_cast<double>(steps_));
    const double keep = std::min(keep_, young);
    for (std::size_t i = 0; i < weights_.size(); ++i) {
      average_[i].mul_(keep).add_(weights_[i], 1 - keep);
    }
  }

  /// Puts the averages in the place of the weights while this object lives.
  class Lent {
  public:
    explicit Lent(WeightAverage& owner) : owner_(owner) { owner_.swap(); }
    ~Lent() { owner_.swap(); }
    Lent(const Lent&) = delete;
    Lent& operator=(const Lent&) = delete;

  private:
    WeightAverage& owner_;
  };

  /// For keeping and restoring the state.
  [[nodiscard]] std::vector<::torch::Tensor>& averages() noexcept { return average_; }
  [[nodiscard]] std::int64_t steps() const noexcept { return steps_; }
  void set_steps(std::int64_t steps) noexcept { steps_ = steps; }

private:
  void swap() {
    const ::torch::NoGradGuard no_grad;
    for (std::size_t i = 0; i < weights_.size(); ++i) {
      const ::torch::Tensor kept = weights_[i].detach().clone();
      weights_[i].copy_(average_[i]);
      average_[i].copy_(kept);
    }
  }

  std::vector<::torch::Tensor> weights_;
  std::vector<::torch::Tensor> average_;
  double keep_;
  std::int64_t steps_ = 0;
};

}  // namespace vidclass::torch
