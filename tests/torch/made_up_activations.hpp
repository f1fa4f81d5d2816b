// A small network's last two layers and clips' activations before them, on disk.
#pragma once

#include <cstdint>
#include <filesystem>
#include <random>
#include <string>

#include <torch/torch.h>

#include "core/half.hpp"
#include "core/safetensors.hpp"
#include "support/made_up_clips.hpp"
#include "torch/finetune.hpp"

namespace vidclass::torch::testing {

inline Tensor random_tensor(std::mt19937_64& random, Shape shape, float scale, float centre = 0) {
  Tensor tensor =
      vidclass::testing::noise(random, 1, element_count(shape)).reshaped(std::move(shape));
  for (float& value : tensor.data<float>()) value = centre + scale * value;
  return tensor;
}

/// SeparableConv2D and BatchNormalization under Keras's names.
inline void add_separable(NamedTensors& weights, const std::string& name, std::size_t in,
                          std::size_t out, std::mt19937_64& random) {
  weights[name + "/depthwise_kernel"] = random_tensor(random, {3, 3, in, 1}, 0.5F);
  weights[name + "/pointwise_kernel"] = random_tensor(random, {1, 1, in, out}, 0.7F);
  weights[name + "_bn/gamma"] = random_tensor(random, {out}, 0.2F, 1);
  weights[name + "_bn/beta"] = random_tensor(random, {out}, 0.1F);
  weights[name + "_bn/moving_mean"] = random_tensor(random, {out}, 0.1F);
  weights[name + "_bn/moving_variance"] = random_tensor(random, {out}, 0.2F, 1);
}

/// block14 with few channels: 4 in, 6 between, 8 out.
inline NamedTensors small_block14(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  NamedTensors weights;
  add_separable(weights, "block14_sepconv1", 4, 6, random);
  add_separable(weights, "block14_sepconv2", 6, 8, random);
  return weights;
}

/// An entry as the activation cache has it: `frames` maps of 3x3 with 4 channels, of which
/// channel `label` grows over time; and noise for the features.
inline std::filesystem::path write_entry(const std::filesystem::path& path, std::size_t frames,
                                         std::size_t label, std::mt19937_64& random) {
  Tensor activations = random_tensor(random, {frames, 3, 3, 4}, 0.5F);
  const std::size_t values = activations.size() / frames;
  for (std::size_t t = 0; t < frames; ++t) {
    for (std::size_t at = label; at < values; at += 4) {
      activations.data<float>()[t * values + at] += 0.4F * static_cast<float>(t);
    }
  }
  write_safetensors(path, {{"activations", half_from_float(activations)},
                           {"features", random_tensor(random, {frames, 8}, 1)},
                           {"times", Tensor(DType::f64, {frames})}});
  return path;
}

/// Clips of 3 to 6 frames with 3 labels.
inline FinetuneData made_up_activations(const std::filesystem::path& dir, std::size_t train,
                                        std::size_t validation, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  FinetuneData data;
  data.weights = small_block14(seed);
  const auto add = [&](std::vector<CachedClip>& clips, const std::string& name, std::size_t i) {
    const std::size_t label = i % 3;
    clips.push_back(
        {write_entry(dir / (name + std::to_string(i)), 3 + i % 4, label, random), {}, label});
  };
  for (std::size_t i = 0; i < train; ++i) add(data.train, "train", i);
  for (std::size_t i = 0; i < validation; ++i) add(data.validation, "validation", i);
  return data;
}

inline FinetuneOptions small_finetuning() {
  FinetuneOptions options;
  options.labels = 3;
  options.epochs = 3;
  options.batch_size = 5;
  options.frames = 3;
  options.learning_rate = 1e-2;
  options.threads = 1;
  return options;
}

}  // namespace vidclass::torch::testing
