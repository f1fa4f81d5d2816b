// Gradients summed over ranks while the backward pass still runs.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include <torch/torch.h>

#include "torch/ranks.hpp"

namespace vidclass::torch {

/// Parameters are gathered in buckets, those that get their gradients first in the first
/// bucket; a bucket's sum is under way as soon as its last gradient is there. One rank:
/// does nothing. One thread at a time.
class GradientSum {
public:
  /// `parameters` in the order of the forward pass. `ranks` must outlive this.
  GradientSum(std::vector<::torch::Tensor> parameters, Ranks& ranks);
  ~GradientSum();
  GradientSum(const GradientSum&) = delete;
  GradientSum& operator=(const GradientSum&) = delete;

  /// The next backward pass is the last before finish(): its gradients are final.
  void expect_last_backward();
  /// Afterwards the gradients are the sums over all ranks. Throws Error when a rank is
  /// lost. To be called by all ranks, those that had nothing to add as well.
  void finish();

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace vidclass::torch
