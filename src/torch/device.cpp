#include "torch/device.hpp"

#include <torch/cuda.h>
#include <torch/version.h>

#include "core/format.hpp"
#include "core/launcher.hpp"
#include "vidclass/error.hpp"

namespace vidclass::torch {
namespace {

::torch::Device parsed(const std::string& name) {
  try {
    return ::torch::Device(name);
  } catch (const c10::Error&) {
    throw UsageError(format("unknown device \"{}\": choose cpu, cuda or cuda:N", name));
  }
}

}  // namespace

::torch::Device device_from(const std::string& name) {
  ::torch::Device device = parsed(name);
  if (!device.is_cuda()) return device;
  const auto count = static_cast<int>(::torch::cuda::device_count());
  if (count == 0) {
    throw UsageError(
        format("there is no CUDA device {}: LibTorch {} finds none (Debian's is built "
               "without CUDA; HACKING.md says how to build with another)",
               name, TORCH_VERSION));
  }
  if (!device.has_index()) {
    const auto rank = rank_from_environment();
    device.set_index(static_cast<c10::DeviceIndex>(rank ? rank->local_rank % count : 0));
  }
  if (device.index() >= count) {
    throw UsageError(
        format("there is no device {}: the last one is cuda:{}", device.str(), count - 1));
  }
  return device;
}

}  // namespace vidclass::torch
