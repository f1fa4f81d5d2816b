// Reaching libvidclass_torch, which is loaded only for what needs LibTorch.
#pragma once

#include <string>

#include "backbone/engine.hpp"
#include "torch/entry.hpp"
#include "train/learner.hpp"

namespace vidclass::cli {

/// What libvidclass_torch offers. Loads it from beside the program, or the file that
/// $VIDCLASS_TORCH_LIBRARY names, which takes 0.4 s; throws Error
/// saying what to do where it is missing or its libraries are.
[[nodiscard]] const torch::Entry& train_library();

/// How heads of a kind get their gradients. Loads the library for those that LibTorch trains.
[[nodiscard]] train::LearnerFactory learner_factory(head::HeadKind kind);

/// Of --device cuda or cuda:N: LibTorch as the engine, loaded when a network is needed, and
/// "cuda" as the device, since all of them compute the same features. Of others: nothing.
void choose_device(std::string& device, backbone::MakeEngine& engine);

}  // namespace vidclass::cli
