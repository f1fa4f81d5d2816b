#include "torch/tensors.hpp"

#include <cstring>
#include <vector>

namespace vidclass::torch {
Tensor to_tensor(const ::torch::Tensor& source) {
  const ::torch::Tensor values = source.detach().to(::torch::kCPU, ::torch::kFloat32).contiguous();
  Tensor tensor(DType::f32, Shape(values.sizes().begin(), values.sizes().end()));
  std::memcpy(tensor.bytes().data(), values.data_ptr<float>(), tensor.bytes().size());
  return tensor;
}

::torch::Tensor to_torch(const Tensor& source) {
  const std::vector<std::int64_t> sizes(source.shape().begin(), source.shape().end());
  ::torch::Tensor values = ::torch::empty(sizes, ::torch::kFloat32);
  const auto from = source.data<float>();
  std::memcpy(values.data_ptr<float>(), from.data(), from.size_bytes());
  return values;
}

}  // namespace vidclass::torch
