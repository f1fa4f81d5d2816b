#include "torch/parallel/tensor_sums.hpp"

#include <utility>

#ifdef VIDCLASS_NCCL
#include "torch/parallel/nccl_sums.hpp"
#endif

namespace vidclass::torch {
namespace {

class GlooSums : public TensorSums {
public:
  explicit GlooSums(Ranks& ranks) : ranks_(ranks) {}

  [[nodiscard]] std::unique_ptr<PendingSum> start(::torch::Tensor values) override {
    ::torch::Tensor on_cpu = values.cpu();  // itself if it is there
    auto sum =
        ranks_.start_sum({on_cpu.data_ptr<float>(), static_cast<std::size_t>(on_cpu.numel())});
    return std::make_unique<Pending>(std::move(values), std::move(on_cpu), std::move(sum));
  }

private:
  class Pending : public PendingSum {
  public:
    Pending(::torch::Tensor values, ::torch::Tensor on_cpu, std::unique_ptr<PendingSum> sum)
        : values_(std::move(values)), on_cpu_(std::move(on_cpu)), sum_(std::move(sum)) {}
    void wait() override {
      sum_->wait();
      if (!values_.device().is_cpu()) values_.copy_(on_cpu_);
    }

  private:
    ::torch::Tensor values_;
    ::torch::Tensor on_cpu_;
    std::unique_ptr<PendingSum> sum_;
  };

  Ranks& ranks_;
};

}  // namespace

std::unique_ptr<TensorSums> make_tensor_sums(Ranks& ranks, ::torch::Device device) {
#ifdef VIDCLASS_NCCL
  if (device.is_cuda() && ranks.size() > 1) return make_nccl_sums(ranks, device);
#else
  (void)device;
#endif
  return std::make_unique<GlooSums>(ranks);
}

}  // namespace vidclass::torch
