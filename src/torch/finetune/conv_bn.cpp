#include "torch/finetune/conv_bn.hpp"

#include "core/format.hpp"
#include "torch/finetune/depthwise.hpp"
#include "torch/tensors.hpp"
#include "vidclass/error.hpp"

namespace vidclass::torch {
namespace {

// Keras's BatchNormalization defaults; LibTorch's momentum is one minus Keras's.
constexpr double epsilon = 1e-3;
constexpr double momentum = 0.01;

::torch::Tensor take(const NamedTensors& weights, const std::string& name) {
  const auto found = weights.find(name);
  if (found == weights.end()) throw Error(format("the weight {} is missing", name));
  return to_torch(found->second);
}

}  // namespace

ConvBn::ConvBn(const std::string& name, const NamedTensors& weights, const XceptionOptions& options,
               std::int64_t stride, Padding padding)
    : name_(name), options_(options), stride_(stride), padding_(padding) {
  const bool separable = weights.contains(name + "/depthwise_kernel");
  if (separable) {
    depthwise_ = register_parameter(
        "depthwise", take(weights, name + "/depthwise_kernel").squeeze(3).contiguous());
  }
  // Keras's kernels are [height, width, in, out].
  original_ = take(weights, name + (separable ? "/pointwise_kernel" : "/kernel"))
                  .permute({3, 2, 0, 1})
                  .contiguous();
  gamma_ = take(weights, name + "_bn/gamma");
  beta_ = take(weights, name + "_bn/beta");
  mean_ = take(weights, name + "_bn/moving_mean");
  variance_ = take(weights, name + "_bn/moving_variance");
  if (options.train_batch_norm) {
    kernel_ = register_parameter("kernel", original_.clone());
    gamma_ = register_parameter("gamma", gamma_);
    beta_ = register_parameter("beta", beta_);
    mean_ = register_buffer("mean", mean_);
    variance_ = register_buffer("variance", variance_);
  } else {
    const ::torch::Tensor scale = gamma_ / (variance_ + epsilon).sqrt();
    kernel_ = register_parameter("kernel", original_ * scale.view({-1, 1, 1, 1}));
    bias_ = register_parameter("bias", beta_ - mean_ * scale);
  }
}

void ConvBn::to(::torch::Device device, bool non_blocking) {
  Module::to(device, non_blocking);
  for (::torch::Tensor* beside : {&original_, &gamma_, &beta_, &mean_, &variance_}) {
    const ::torch::NoGradGuard no_grad;
    // Those that are parameters are there already.
    if (beside->device() != device) *beside = beside->to(device);
  }
}

void ConvBn::freeze() {
  for (::torch::Tensor& parameter : parameters()) parameter.requires_grad_(false);
}

::torch::Tensor ConvBn::forward(const ::torch::Tensor& maps) {
  return normalise(convolve(depthwise_.defined() ? depthwise_3x3(maps, depthwise_) : maps));
}

::torch::Tensor ConvBn::convolve(const ::torch::Tensor& maps) const {
  const auto type = options_.bf16 ? ::torch::kBFloat16 : ::torch::kFloat32;
  ::torch::Tensor x = maps;
  const bool pointwise = kernel_.size(2) == 1 && kernel_.size(3) == 1;
  if (pointwise && stride_ > 1) {
    using ::torch::indexing::None;
    using ::torch::indexing::Slice;
    const auto every = Slice(None, None, stride_);
    x = x.index({Slice(), every, every});
  }
  x = x.to(type);
  const ::torch::Tensor kernel = kernel_.to(type);
  if (pointwise && options_.bf16) {
    // A product of matrices is quicker here than LibTorch's convolution; in float32
    // it is the other way round (and OpenBLAS runs on one thread, see HACKING.md).
    const ::torch::Tensor rows = x.reshape({-1, x.size(3)});
    return ::torch::matmul(rows, kernel.view({kernel.size(0), kernel.size(1)}).t())
        .view({x.size(0), x.size(1), x.size(2), kernel.size(0)})
        .to(::torch::kFloat32);
  }
  const std::int64_t stride = pointwise ? 1 : stride_;
  const std::int64_t border = padding_ == Padding::same ? kernel.size(2) / 2 : 0;
  return ::torch::conv2d(x.permute({0, 3, 1, 2}), kernel, {}, stride, border)
      .permute({0, 2, 3, 1})
      .contiguous()
      .to(::torch::kFloat32);
}

::torch::Tensor ConvBn::normalise(::torch::Tensor maps) {
  if (!options_.train_batch_norm) return maps.add_(bias_);
  const ::torch::Tensor rows = maps.reshape({-1, maps.size(3)});
  return ::torch::batch_norm(rows, gamma_, beta_, mean_, variance_, is_training(), momentum,
                             epsilon,
                             /*cudnn_enabled=*/true)
      .view_as(maps);
}

void ConvBn::export_to(NamedTensors& weights) const {
  const ::torch::NoGradGuard no_grad;
  ::torch::Tensor kernel = kernel_;
  ::torch::Tensor beta = beta_;
  if (!options_.train_batch_norm) {
    const ::torch::Tensor scale = gamma_ / (variance_ + epsilon).sqrt();
    const ::torch::Tensor per_kernel = scale.view({-1, 1, 1, 1});
    // A channel whose scale is zero keeps its kernel: nothing can be told of it.
    kernel = ::torch::where(per_kernel == 0, original_, kernel / per_kernel);
    beta = bias_ + mean_ * scale;
  }
  if (depthwise_.defined()) {
    weights[name_ + "/depthwise_kernel"] = to_tensor(depthwise_.unsqueeze(3));
  }
  weights[name_ + (depthwise_.defined() ? "/pointwise_kernel" : "/kernel")] =
      to_tensor(kernel.permute({2, 3, 1, 0}));
  weights[name_ + "_bn/gamma"] = to_tensor(gamma_);
  weights[name_ + "_bn/beta"] = to_tensor(beta);
  weights[name_ + "_bn/moving_mean"] = to_tensor(mean_);
  weights[name_ + "_bn/moving_variance"] = to_tensor(variance_);
}

}  // namespace vidclass::torch
