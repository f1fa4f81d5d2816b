// Heads whose gradients LibTorch computes.
#pragma once

#include <cstdint>
#include <memory>

#include "train/learner.hpp"

namespace vidclass::torch {

/// Throws Error for a kind of head that LibTorch does not train.
[[nodiscard]] std::unique_ptr<train::Learner> make_torch_learner(const head::HeadSpec& spec,
                                                                 const train::Recipe& recipe,
                                                                 std::uint64_t seed);

}  // namespace vidclass::torch
