// Heads whose gradients LibTorch computes.
#pragma once

#include <cstdint>
#include <memory>

#include <torch/torch.h>

#include "torch/head_module.hpp"
#include "train/learner.hpp"

namespace vidclass::torch {

/// Throws Error for a kind of head that LibTorch does not train.
[[nodiscard]] std::unique_ptr<train::Learner> make_torch_learner(const head::HeadSpec& spec,
                                                                 const train::Recipe& recipe,
                                                                 std::uint64_t seed);

/// Trains a module that is used for something else besides; it must be on the CPU. `generator`:
/// what the module draws from.
[[nodiscard]] std::unique_ptr<train::Learner> make_learner_of(std::shared_ptr<HeadModule> module,
                                                              const ::torch::Generator& generator);

}  // namespace vidclass::torch
