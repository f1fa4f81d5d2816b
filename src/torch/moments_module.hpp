// The linear classifier on moments over time (head::HeadKind::moments) under training.
#pragma once

#include <memory>

#include "torch/head_module.hpp"

namespace vidclass::torch {

[[nodiscard]] std::shared_ptr<HeadModule> make_moments_module(const head::HeadSpec& spec,
                                                              const train::Recipe& recipe,
                                                              const ::torch::Generator& generator);

}  // namespace vidclass::torch
