// Dropout from a generator of our own.
#pragma once

#include <torch/torch.h>

namespace vidclass::torch {

/// Inverted dropout (Srivastava et al. 2014): what is kept is scaled up, so that nothing needs to
/// be done when the network is used.
class Dropout {
public:
  Dropout(double rate, ::torch::Generator generator)
      : rate_(rate), generator_(std::move(generator)) {}

  ::torch::Tensor operator()(const ::torch::Tensor& x, bool training) {
    if (!training || rate_ == 0) return x;
    const double keep = 1 - rate_;
    // Drawn on the CPU, so that every device drops the same.
    const ::torch::Tensor kept = ::torch::empty(x.sizes()).bernoulli_(keep, generator_).div_(keep);
    return x * kept.to(x.device());
  }

private:
  double rate_;
  ::torch::Generator generator_;
};

}  // namespace vidclass::torch
