#ifdef VIDCLASS_NCCL
#include "torch/parallel/nccl_sums.hpp"

#include <chrono>
#include <cmath>
#include <utility>
#include <vector>

#include <c10/core/DeviceGuard.h>
#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupNCCL.hpp>

#include "torch/parallel/gloo_ranks.hpp"
#include "torch/parallel/pending_work.hpp"

namespace vidclass::torch {
namespace {

class NcclSums : public TensorSums {
public:
  NcclSums(const GlooRanks& ranks, ::torch::Device device)
      : settings_(ranks.settings()), device_(device) {
    among_ranks(settings_, [&] {
      auto options = c10d::ProcessGroupNCCL::Options::create();
      options->timeout = std::chrono::milliseconds(std::llround(settings_.timeout_seconds * 1000));
      group_ = c10::make_intrusive<c10d::ProcessGroupNCCL>(
          c10::make_intrusive<c10d::PrefixStore>("nccl", ranks.store()), settings_.rank,
          settings_.count, options);
    });
  }

  [[nodiscard]] std::unique_ptr<PendingSum> start(::torch::Tensor values) override {
    return among_ranks(settings_, [&]() -> std::unique_ptr<PendingSum> {
      const c10::DeviceGuard guard(device_);
      std::vector<::torch::Tensor> list{std::move(values)};
      return std::make_unique<PendingWork>(settings_, group_->allreduce(list));
    });
  }

private:
  const Rank settings_;
  ::torch::Device device_;
  c10::intrusive_ptr<c10d::ProcessGroupNCCL> group_;
};

}  // namespace

std::unique_ptr<TensorSums> make_nccl_sums(Ranks& ranks, ::torch::Device device) {
  return std::make_unique<NcclSums>(dynamic_cast<GlooRanks&>(ranks), device);
}

}  // namespace vidclass::torch
#endif
