// Reaching libvidclass_torch, which is loaded only for what needs LibTorch.
#pragma once

#include <filesystem>
#include <string>

#include "backbone/engine.hpp"
#include "torch/entry.hpp"

namespace vidclass::pipeline {

/// The file to take libvidclass_torch from, before it is first needed. Otherwise it is the one that
/// $VIDCLASS_TORCH_LIBRARY names, else the one beside this library or program. Not thread-safe.
void set_torch_library(const std::filesystem::path& path);

/// What libvidclass_torch offers. Loads it, which takes 0.4 s; throws Error saying what to do where
/// it is missing or its libraries are.
[[nodiscard]] const torch::Entry& torch_library();

/// Of --device cuda or cuda:N: LibTorch as the engine, loaded when a network is needed, and
/// "cuda" as the device, since all of them compute the same features. Of others: nothing.
void choose_device(std::string& device, backbone::MakeEngine& engine);

}  // namespace vidclass::pipeline
