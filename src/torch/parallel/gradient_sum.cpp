#include "torch/parallel/gradient_sum.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include <torch/csrc/autograd/functions/accumulate_grad.h>
#include <torch/csrc/autograd/utils/lambda_post_hook.h>
#include <torch/csrc/autograd/variable.h>

#include "torch/parallel/tensor_sums.hpp"

namespace vidclass::torch {
namespace {

// Large enough that starting a sum costs little beside it, small enough that several
// are under way during one backward pass (PyTorch's DistributedDataParallel: 25 MB for
// larger networks).
constexpr std::int64_t values_a_bucket = 1 << 20;

}  // namespace

struct GradientSum::Impl {
  struct Bucket {
    std::vector<::torch::Tensor> parameters;
    ::torch::Tensor values;  // their gradients, one after the other
    std::size_t missing = 0;
    std::unique_ptr<PendingSum> sum;
  };
  struct Hook {
    // A pointer of a kind that differs between versions of LibTorch.
    decltype(::torch::autograd::impl::grad_accumulator(::torch::Tensor())) node;
    std::uintptr_t key = 0;
  };

  /// Ranks must start their sums in one order: each bucket waits for those before it.
  void start_ready() {
    while (next < buckets.size() && buckets[next].missing == 0) start(buckets[next++]);
  }

  void start(Bucket& bucket) {
    const ::torch::NoGradGuard no_grad;
    std::int64_t at = 0;
    for (const ::torch::Tensor& parameter : bucket.parameters) {
      ::torch::Tensor place = bucket.values.narrow(0, at, parameter.numel());
      if (parameter.grad().defined()) {
        place.copy_(parameter.grad().reshape({-1}));
      } else {
        place.zero_();
      }
      at += parameter.numel();
    }
    bucket.sum = sums->start(bucket.values);
  }

  void take_back(Bucket& bucket) {
    const ::torch::NoGradGuard no_grad;
    bucket.sum->wait();
    bucket.sum.reset();
    std::int64_t at = 0;
    for (::torch::Tensor& parameter : bucket.parameters) {
      const ::torch::Tensor sum = bucket.values.narrow(0, at, parameter.numel()).view_as(parameter);
      if (parameter.grad().defined()) {
        parameter.mutable_grad().copy_(sum);
      } else {
        parameter.mutable_grad() = sum.clone();
      }
      at += parameter.numel();
    }
  }

  std::unique_ptr<TensorSums> sums;
  std::vector<Bucket> buckets;
  std::vector<Hook> hooks;
  std::size_t next = 0;  // bucket to be started
  bool last_backward = false;
};

GradientSum::GradientSum(std::vector<::torch::Tensor> parameters, Ranks& ranks)
    : impl_(std::make_unique<Impl>()) {
  if (ranks.size() == 1) return;
  const ::torch::Device device = parameters.front().device();
  impl_->sums = make_tensor_sums(ranks, device);
  // Gradients arrive from the end of the network.
  std::reverse(parameters.begin(), parameters.end());
  std::int64_t filled = values_a_bucket;
  for (const ::torch::Tensor& parameter : parameters) {
    if (filled + parameter.numel() > values_a_bucket) {
      impl_->buckets.emplace_back();
      filled = 0;
    }
    impl_->buckets.back().parameters.push_back(parameter);
    filled += parameter.numel();
  }
  for (std::size_t i = 0; i < impl_->buckets.size(); ++i) {
    Impl::Bucket& bucket = impl_->buckets[i];
    std::int64_t count = 0;
    for (const ::torch::Tensor& parameter : bucket.parameters) {
      count += parameter.numel();
      auto node = ::torch::autograd::impl::grad_accumulator(parameter);
      const auto key =
          node->add_post_hook(std::make_unique<::torch::autograd::utils::LambdaPostHook>(
              [impl = impl_.get(), i](const ::torch::autograd::variable_list& outputs,
                                      const ::torch::autograd::variable_list&) {
                if (impl->last_backward) {
                  --impl->buckets[i].missing;
                  impl->start_ready();
                }
                return outputs;
              }));
      impl_->hooks.push_back({std::move(node), key});
    }
    bucket.values = ::torch::empty({count}, device);
  }
}

GradientSum::~GradientSum() {
  for (const Impl::Hook& hook : impl_->hooks) hook.node->del_post_hook(hook.key);
}

void GradientSum::expect_last_backward() {
  for (Impl::Bucket& bucket : impl_->buckets) bucket.missing = bucket.parameters.size();
  impl_->next = 0;
  impl_->last_backward = true;
}

void GradientSum::finish() {
  if (!impl_->last_backward) impl_->next = 0;  // this rank had nothing to add
  impl_->last_backward = false;
  while (impl_->next < impl_->buckets.size()) impl_->start(impl_->buckets[impl_->next++]);
  for (Impl::Bucket& bucket : impl_->buckets) impl_->take_back(bucket);
}

}  // namespace vidclass::torch
