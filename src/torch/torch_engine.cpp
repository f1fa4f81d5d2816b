#include "torch/torch_engine.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <thread>
#include <utility>

#include <c10/core/DeviceGuard.h>
#include <c10/core/Event.h>
#include <c10/core/impl/VirtualGuardImpl.h>
#include <torch/torch.h>

#include "backbone/overlaps.hpp"
#include "backbone/pooling.hpp"
#include "core/format.hpp"
#include "torch/device.hpp"
#include "torch/finetune/map_poolings.hpp"
#include "torch/xception_module.hpp"
#include "vidclass/error.hpp"

namespace vidclass::torch {
namespace {

using backbone::BackboneInfo;

/// Runs what may throw LibTorch's exceptions, of many lines each.
template <typename Work>
auto guarded(const Work& work) -> decltype(work()) {
  try {
    return work();
  } catch (const c10::Error& error) {
    const std::string text = error.what_without_backtrace();
    throw Error(format("LibTorch cannot run xception: {}", text.substr(0, text.find('\n'))));
  }
}

/// What a network is and where it runs, for all its requests.
struct Running {
  XceptionModule module;
  ::torch::Device device;
  BackboneInfo info;
  bool motion = false;
  ::torch::Tensor share;  // float32 [g', g]: of each row of fine cells in each of coarse ones
  std::int64_t batch = 1;

  /// The vectors of frames [n, size, size, 3], by the names of backbone::poolings.
  [[nodiscard]] std::map<std::string, ::torch::Tensor> pooled_vectors(
      const ::torch::Tensor& frames, const ::torch::Tensor& motion_map) {
    const XceptionMaps maps = module.maps(frames);
    ::torch::Tensor coarse = motion_map;
    if (motion_map.defined() && share.defined()) {
      coarse = ::torch::matmul(::torch::matmul(share, motion_map), share.t());
    }
    std::map<std::string, ::torch::Tensor> vectors;
    const auto give = [&](const char* plain, const char* weighted, const ::torch::Tensor& of,
                          const ::torch::Tensor& weights) {
      const ::torch::Tensor both = pooled(of, weights);
      const std::int64_t width = of.size(3);
      vectors[plain] = both.narrow(1, 0, width);
      if (weights.defined()) vectors[weighted] = both.narrow(1, width, width);
    };
    give("avg", "motion", maps.last, coarse);
    if (info.middle_size > 0) give("middle", "middle_motion", maps.middle, motion_map);
    return vectors;
  }
};

class TorchRequest : public backbone::Request {
public:
  explicit TorchRequest(Running& network) : network_(network) {
    const std::int64_t side = network.info.size;
    const std::int64_t grid = network.info.motion_map_size;
    buffers_["frames"] = buffer({network.batch, side, side, 3}, ::torch::kUInt8);
    if (network.motion) {
      // Unset maps must not be NaN, which would be a result of its own kind.
      buffers_["motion_map"] = buffer({network.batch, grid, grid}, ::torch::kFloat32).zero_();
    }
    for (const backbone::Pooling& pooling : backbone::poolings) {
      if (pooling.weighted && !network.motion) continue;
      const std::size_t width =
          pooling.middle ? network.info.middle_size : network.info.feature_size;
      if (width == 0) continue;
      buffers_[pooling.name] =
          buffer({network.batch, static_cast<std::int64_t>(width)}, ::torch::kFloat32);
    }
  }

  [[nodiscard]] std::span<std::byte> input(const char* name) override {
    const ::torch::Tensor& tensor = buffers_.at(name);
    return {static_cast<std::byte*>(tensor.data_ptr()),
            static_cast<std::size_t>(tensor.numel()) * tensor.element_size()};
  }

  void start(std::size_t frames) override {
    guarded([&] {
      const ::torch::NoGradGuard no_grad;
      const c10::DeviceGuard guard(network_.device);
      const auto count = static_cast<std::int64_t>(frames);
      const auto on_device = [&](const char* name) {
        return buffers_.at(name).narrow(0, 0, count).to(network_.device, /*non_blocking=*/true);
      };
      const ::torch::Tensor motion_map =
          network_.motion ? on_device("motion_map") : ::torch::Tensor();
      for (const auto& [name, vectors] : network_.pooled_vectors(on_device("frames"), motion_map)) {
        buffers_.at(name).narrow(0, 0, count).copy_(vectors, /*non_blocking=*/true);
      }
      if (network_.device.is_cpu()) return;
      const c10::impl::VirtualGuardImpl streams(network_.device.type());
      finished_.emplace(network_.device.type());
      finished_->record(streams.getStream(network_.device));
    });
  }

  [[nodiscard]] bool done() override {
    return guarded([&] { return !finished_ || finished_->query(); });
  }

  void wait() override {
    // LibTorch 1.13's events can be asked only.
    while (!done()) std::this_thread::sleep_for(std::chrono::microseconds(50));
  }

  [[nodiscard]] std::span<const float> output(const char* name) override {
    const ::torch::Tensor& tensor = buffers_.at(name);
    return {tensor.data_ptr<float>(), static_cast<std::size_t>(tensor.numel())};
  }

private:
  /// On the CPU, where a graphics card can read and write by itself.
  [[nodiscard]] ::torch::Tensor buffer(at::IntArrayRef sizes, ::torch::ScalarType type) const {
    return ::torch::empty(sizes,
                          ::torch::TensorOptions(type).pinned_memory(network_.device.is_cuda()));
  }

  Running& network_;
  std::map<std::string, ::torch::Tensor> buffers_;
  std::optional<c10::Event> finished_;
};

class TorchEngine : public backbone::Engine {
public:
  explicit TorchEngine(Running network) : network_(std::move(network)) {}

  [[nodiscard]] std::size_t batch() const noexcept override {
    return static_cast<std::size_t>(network_.batch);
  }

  [[nodiscard]] std::vector<std::unique_ptr<backbone::Request>> requests() override {
    return guarded([&] {
      // One computes, one has its frames and results copied, one is filled.
      constexpr int wanted = 3;
      std::vector<std::unique_ptr<backbone::Request>> requests;
      for (int i = 0; i < wanted; ++i) {
        requests.push_back(std::make_unique<TorchRequest>(network_));
      }
      return requests;
    });
  }

private:
  Running network_;
};

::torch::Tensor shares_of(const BackboneInfo& info) {
  if (info.motion_map_size == info.map_size) return {};
  const auto from = static_cast<std::size_t>(info.motion_map_size);
  const auto to = static_cast<std::size_t>(info.map_size);
  return ::torch::tensor(backbone::overlaps(from, to))
      .view({static_cast<std::int64_t>(to), static_cast<std::int64_t>(from)});
}

}  // namespace

std::unique_ptr<backbone::Engine> make_torch_engine(const std::string& device,
                                                    const backbone::PreparedBackbone& network,
                                                    backbone::Load /*load*/) {
  const BackboneInfo& info = network.info();
  if (info.name != "xception") {
    throw UsageError(
        format("{} does not run on {}: choose xception, or device CPU", info.name, device));
  }
  if (info.precision == backbone::Precision::int8) {
    throw UsageError(
        format("int8 does not run on {}: choose precision bf16 or f32, or device CPU", device));
  }
  if (network.options().cells) {
    throw UsageError(format("maps of frames are not to be had on {}: choose device CPU", device));
  }
  const ::torch::Device where = device_from(device);
  return guarded([&] {
    // Products of float32 are just that, not of TF32's 10 bits.
    at::globalContext().setAllowTF32CuDNN(false);
    at::globalContext().setAllowTF32CuBLAS(false);
    constexpr std::int64_t cuda_batch = 32;
    const int asked = network.options().batch;
    Running running{.module = XceptionModule(network.weights(), backbone::TunedBlocks::all,
                                             {.bf16 = info.precision == backbone::Precision::bf16}),
                    .device = where,
                    .info = info,
                    .motion = network.options().motion,
                    .share = shares_of(info),
                    .batch = asked > 0         ? asked
                             : where.is_cuda() ? cuda_batch
                                               : 4};
    running.module.eval();
    running.module.to(where);
    if (running.share.defined()) running.share = running.share.to(where);
    return std::make_unique<TorchEngine>(std::move(running));
  });
}

}  // namespace vidclass::torch
