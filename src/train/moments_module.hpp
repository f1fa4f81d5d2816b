// The linear classifier on moments over time (head::HeadKind::moments) under training.
#pragma once

#include <memory>

#include "train/head_module.hpp"

namespace vidclass::train {

[[nodiscard]] std::shared_ptr<HeadModule> make_moments_module(const head::HeadSpec& spec,
                                                              const learn::Recipe& recipe,
                                                              const torch::Generator& generator);

}  // namespace vidclass::train
