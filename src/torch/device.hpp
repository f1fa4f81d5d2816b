// Where LibTorch computes.
#pragma once

#include <string>

#include <torch/torch.h>

namespace vidclass::torch {

/// "cpu", "cuda" (the graphics card of this process's number on its machine, so that the ranks of a
/// job take one each) or "cuda:N". Throws UsageError for other names and where there is no such
/// device.
[[nodiscard]] ::torch::Device device_from(const std::string& name);

}  // namespace vidclass::torch
