#include "torch/finetune/depthwise.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include <ATen/Parallel.h>

#include "core/cpu_clones.hpp"

namespace vidclass::torch {
namespace {

struct Sizes {
  std::int64_t maps, height, width, channels;

  explicit Sizes(const ::torch::Tensor& x)
      : maps(x.size(0)), height(x.size(1)), width(x.size(2)), channels(x.size(3)) {}
};

// Channels that are summed at once, in registers.
constexpr std::int64_t lanes = 32;

/// The taps of a kernel that lie within a map at one position.
struct Taps {
  std::array<const float*, 9> values, weights;
  int count = 0;
};

/// out[c] = sum over taps of values[c] * weights[c].
VIDCLASS_FOR_EACH_CPU void sum_taps(const Taps& taps, float* out, std::int64_t channels) {
  std::int64_t c = 0;
  for (; c + lanes <= channels; c += lanes) {
    float sums[lanes] = {};
    for (int tap = 0; tap < taps.count; ++tap) {
      const float* value = taps.values[tap] + c;
      const float* weight = taps.weights[tap] + c;
      for (std::int64_t i = 0; i < lanes; ++i) sums[i] += value[i] * weight[i];
    }
    for (std::int64_t i = 0; i < lanes; ++i) out[c + i] = sums[i];
  }
  for (; c < channels; ++c) {
    float sum = 0;
    for (int tap = 0; tap < taps.count; ++tap) sum += taps.values[tap][c] * taps.weights[tap][c];
    out[c] = sum;
  }
}

/// sums[c] += values[c] * arriving[c].
VIDCLASS_FOR_EACH_CPU void add_products(const float* values, const float* arriving, float* sums,
                                        std::int64_t channels) {
  for (std::int64_t c = 0; c < channels; ++c) sums[c] += values[c] * arriving[c];
}

/// Calls each(output offset, input offset, kernel offset) for every pair of an output position of
/// row `row` (of all maps) and a tap that lies within its map; `position(output offset)` after the
/// taps of a position.
template <typename Each, typename Position>
void for_each_tap(const Sizes& sizes, std::int64_t row, const Each& each,
                  const Position& position) {
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
    position(out);
  }
}

::torch::Tensor forward(const ::torch::Tensor& maps, const ::torch::Tensor& kernel) {
  const Sizes sizes(maps);
  ::torch::Tensor result = ::torch::empty_like(maps);
  const float* in = maps.data_ptr<float>();
  const float* weights = kernel.data_ptr<float>();
  float* out = result.data_ptr<float>();
  at::parallel_for(0, sizes.maps * sizes.height, 1, [&](std::int64_t first, std::int64_t last) {
    Taps taps;
    for (std::int64_t row = first; row < last; ++row) {
      for_each_tap(
          sizes, row,
          [&](std::int64_t, std::int64_t i, std::int64_t k) {
            taps.values[taps.count] = in + i;
            taps.weights[taps.count++] = weights + k;
          },
          [&](std::int64_t o) {
            sum_taps(taps, out + o, sizes.channels);
            taps.count = 0;
          });
    }
  });
  return result;
}

/// Rows are shared out by channel, so that each sum has one order.
::torch::Tensor kernel_gradient(const ::torch::Tensor& maps, const ::torch::Tensor& gradient) {
  const Sizes sizes(maps);
  ::torch::Tensor result = ::torch::zeros({3, 3, sizes.channels});
  const float* in = maps.data_ptr<float>();
  const float* arriving = gradient.data_ptr<float>();
  float* sums = result.data_ptr<float>();
  constexpr std::int64_t channels_at_once = 64;
  const std::int64_t parts = (sizes.channels + channels_at_once - 1) / channels_at_once;
  at::parallel_for(0, parts, 1, [&](std::int64_t first, std::int64_t last) {
    const std::int64_t begin = first * channels_at_once;
    const std::int64_t end = std::min(last * channels_at_once, sizes.channels);
    for (std::int64_t row = 0; row < sizes.maps * sizes.height; ++row) {
      for_each_tap(
          sizes, row,
          [&](std::int64_t o, std::int64_t i, std::int64_t k) {
            add_products(in + i + begin, arriving + o + begin, sums + k + begin, end - begin);
          },
          [](std::int64_t) {});
    }
  });
  return result;
}

class Depthwise3x3 : public ::torch::autograd::Function<Depthwise3x3> {
public:
  static ::torch::Tensor forward(::torch::autograd::AutogradContext* context, ::torch::Tensor maps,
                                 ::torch::Tensor kernel) {
    context->save_for_backward({maps, kernel});
    return torch::forward(maps, kernel);
  }

  static ::torch::autograd::tensor_list backward(::torch::autograd::AutogradContext* context,
                                                 ::torch::autograd::tensor_list gradients) {
    const auto saved = context->get_saved_variables();
    const ::torch::Tensor gradient = gradients[0].contiguous();
    ::torch::Tensor of_maps;
    ::torch::Tensor of_kernel;
    // With padding "same", the gradient passes through the kernel turned around.
    if (context->needs_input_grad(0)) {
      of_maps = torch::forward(gradient, saved[1].flip({0, 1}).contiguous());
    }
    if (context->needs_input_grad(1)) of_kernel = kernel_gradient(saved[0], gradient);
    return {of_maps, of_kernel};
  }
};

}  // namespace

::torch::Tensor depthwise_3x3(const ::torch::Tensor& maps, const ::torch::Tensor& kernel) {
  if (!maps.device().is_cpu()) {
    return ::torch::conv2d(maps.permute({0, 3, 1, 2}), kernel.permute({2, 0, 1}).unsqueeze(1), {},
                           /*stride=*/1, /*padding=*/1, /*dilation=*/1, /*groups=*/kernel.size(2))
        .permute({0, 2, 3, 1});
  }
  return Depthwise3x3::apply(maps.contiguous(), kernel.contiguous());
}

}  // namespace vidclass::torch
