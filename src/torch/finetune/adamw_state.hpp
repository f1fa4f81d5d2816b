// What AdamW remembers of its steps.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include <torch/torch.h>
#include <torch/version.h>

namespace vidclass::torch {

/// One a parameter, of its shape: running averages of the gradient and of its square.
struct AdamWMoments {
  std::vector<::torch::Tensor> first;
  std::vector<::torch::Tensor> second;
};

/// A parameter's key in an optimiser's state.
[[nodiscard]] inline auto state_key(const ::torch::Tensor& parameter) {
#if TORCH_VERSION_MAJOR < 2
  return c10::guts::to_string(parameter.unsafeGetTensorImpl());
#else
  return static_cast<void*>(parameter.unsafeGetTensorImpl());
#endif
}

/// Zeros for parameters that had no step yet.
[[nodiscard]] inline AdamWMoments moments_of(::torch::optim::AdamW& optimizer,
                                             const std::vector<::torch::Tensor>& parameters) {
  AdamWMoments moments;
  for (const ::torch::Tensor& parameter : parameters) {
    const auto found = optimizer.state().find(state_key(parameter));
    if (found == optimizer.state().end()) {
      moments.first.push_back(::torch::zeros_like(parameter));
      moments.second.push_back(::torch::zeros_like(parameter));
    } else {
      const auto& state = static_cast<const ::torch::optim::AdamWParamState&>(*found->second);
      moments.first.push_back(state.exp_avg());
      moments.second.push_back(state.exp_avg_sq());
    }
  }
  return moments;
}

/// As if `steps` steps had left `moments` behind.
inline void set_moments(::torch::optim::AdamW& optimizer,
                        const std::vector<::torch::Tensor>& parameters, const AdamWMoments& moments,
                        std::int64_t steps) {
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    auto state = std::make_unique<::torch::optim::AdamWParamState>();
    state->step(steps);
    state->exp_avg(moments.first[i].clone());
    state->exp_avg_sq(moments.second[i].clone());
    optimizer.state()[state_key(parameters[i])] = std::move(state);
  }
}

}  // namespace vidclass::torch
