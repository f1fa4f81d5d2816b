#include "train/finetune/depthwise.hpp"

#include <algorithm>

#include <ATen/Parallel.h>

namespace vidclass::train {
namespace {

struct Sizes {
  std::int64_t maps, height, width, channels;

  explicit Sizes(const torch::Tensor& x)
      : maps(x.size(0)), height(x.size(1)), width(x.size(2)), channels(x.size(3)) {}
};

/// Calls each(output offset, input offset, kernel offset, count) for every run of
/// channels whose product is summed into an output position of row `row` (of all maps).
template <typename Each>
void for_each_tap(const Sizes& sizes, std::int64_t row, const Each& each) {
  const std::int64_t y = row % sizes.height;
  for (std::int64_t x = 0; x < sizes.width; ++x) {
    const std::int64_t out = (row * sizes.width + x) * sizes.channels;
    for (std::int64_t dy = -1; dy <= 1; ++dy) {
      if (y + dy < 0 || y + dy >= sizes.height) continue;
      for (std::int64_t dx = -1; dx <= 1; ++dx) {
        if (x + dx < 0 || x + dx >= sizes.width) continue;
        const std::int64_t in = ((row + dy) * sizes.width + x + dx) * sizes.channels;
        each(out, in, ((dy + 1) * 3 + dx + 1) * sizes.channels);
      }
    }
  }
}

torch::Tensor forward(const torch::Tensor& maps, const torch::Tensor& kernel) {
  const Sizes sizes(maps);
  torch::Tensor result = torch::zeros_like(maps);
  const float* in = maps.data_ptr<float>();
  const float* weights = kernel.data_ptr<float>();
  float* out = result.data_ptr<float>();
  at::parallel_for(0, sizes.maps * sizes.height, 1, [&](std::int64_t first, std::int64_t last) {
    for (std::int64_t row = first; row < last; ++row) {
      for_each_tap(sizes, row, [&](std::int64_t o, std::int64_t i, std::int64_t k) {
        for (std::int64_t c = 0; c < sizes.channels; ++c) out[o + c] += in[i + c] * weights[k + c];
      });
    }
  });
  return result;
}

/// Rows are shared out by channel, so that each sum has one order.
torch::Tensor kernel_gradient(const torch::Tensor& maps, const torch::Tensor& gradient) {
  const Sizes sizes(maps);
  torch::Tensor result = torch::zeros({3, 3, sizes.channels});
  const float* in = maps.data_ptr<float>();
  const float* arriving = gradient.data_ptr<float>();
  float* sums = result.data_ptr<float>();
  constexpr std::int64_t channels_at_once = 64;
  const std::int64_t parts = (sizes.channels + channels_at_once - 1) / channels_at_once;
  at::parallel_for(0, parts, 1, [&](std::int64_t first, std::int64_t last) {
    const std::int64_t begin = first * channels_at_once;
    const std::int64_t end = std::min(last * channels_at_once, sizes.channels);
    for (std::int64_t row = 0; row < sizes.maps * sizes.height; ++row) {
      for_each_tap(sizes, row, [&](std::int64_t o, std::int64_t i, std::int64_t k) {
        for (std::int64_t c = begin; c < end; ++c) sums[k + c] += arriving[o + c] * in[i + c];
      });
    }
  });
  return result;
}

class Depthwise3x3 : public torch::autograd::Function<Depthwise3x3> {
public:
  static torch::Tensor forward(torch::autograd::AutogradContext* context, torch::Tensor maps,
                               torch::Tensor kernel) {
    context->save_for_backward({maps, kernel});
    return train::forward(maps, kernel);
  }

  static torch::autograd::tensor_list backward(torch::autograd::AutogradContext* context,
                                               torch::autograd::tensor_list gradients) {
    const auto saved = context->get_saved_variables();
    const torch::Tensor gradient = gradients[0].contiguous();
    torch::Tensor of_maps;
    torch::Tensor of_kernel;
    // With padding "same", the gradient passes through the kernel turned around.
    if (context->needs_input_grad(0)) {
      of_maps = train::forward(gradient, saved[1].flip({0, 1}).contiguous());
    }
    if (context->needs_input_grad(1)) of_kernel = kernel_gradient(saved[0], gradient);
    return {of_maps, of_kernel};
  }
};

}  // namespace

torch::Tensor depthwise_3x3(const torch::Tensor& maps, const torch::Tensor& kernel) {
  return Depthwise3x3::apply(maps.contiguous(), kernel.contiguous());
}

}  // namespace vidclass::train
