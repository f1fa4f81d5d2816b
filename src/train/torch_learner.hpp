// Heads whose gradients LibTorch computes.
#pragma once

#include <cstdint>
#include <memory>

#include "vidclass/learn/learner.hpp"

namespace vidclass::train {

/// Throws Error for a kind of head that LibTorch does not train.
[[nodiscard]] std::unique_ptr<learn::Learner> make_torch_learner(const head::HeadSpec& spec,
                                                                 const learn::Recipe& recipe,
                                                                 std::uint64_t seed);

}  // namespace vidclass::train
