// Features of clips that never were: problems with a known answer.
#pragma once

#include <cstdint>
#include <memory>
#include <random>
#include <utility>
#include <vector>

#include "head/head.hpp"
#include "train/features.hpp"

namespace vidclass::testing {

/// Clips that a test may still change.
struct MadeUpClips {
  std::vector<Tensor> clips;  // float32 [T_i, W]
  std::vector<std::size_t> labels;

  operator train::LabelledFeatures() const {
    std::vector<std::shared_ptr<const Tensor>> shared;
    for (const Tensor& clip : clips) shared.push_back(std::make_shared<const Tensor>(clip));
    return {std::make_shared<MemoryFeatures>(std::move(shared)), labels};
  }
};

inline Tensor noise(std::mt19937_64& random, std::size_t frames, std::size_t width) {
  Tensor clip(DType::f32, {frames, width});
  // Not std::normal_distribution, whose values differ between libraries.
  for (float& value : clip.data<float>()) {
    value = static_cast<float>(random() >> 40) / static_cast<float>(1 << 23) - 1.0F;
  }
  return clip;
}

/// Clips of 1 to 9 frames. Feature `label` is larger by `gap` in every second frame,
/// so that a label shows in a clip's mean and in what changes within it.
inline MadeUpClips separable_clips(std::size_t clips, std::size_t labels, std::size_t width,
                                   std::uint64_t seed, float gap = 3.0F, std::size_t shortest = 1) {
  std::mt19937_64 random(seed);
  MadeUpClips data;
  for (std::size_t i = 0; i < clips; ++i) {
    const std::size_t label = i % labels;
    Tensor clip = noise(random, shortest + i % (10 - shortest), width);
    for (std::size_t t = 0; t < clip.dim(0); t += 2) clip.data<float>()[t * width + label] += gap;
    data.clips.push_back(std::move(clip));
    data.labels.push_back(label);
  }
  return data;
}

/// Labels that the features say nothing of: the longer a head learns them by heart, the worse it
/// does on other clips.
inline MadeUpClips unlearnable_clips(std::uint64_t seed, std::size_t width, std::size_t labels) {
  MadeUpClips data = separable_clips(24, labels, width, seed, 0);
  std::mt19937_64 random(seed);
  for (std::size_t& label : data.labels) label = random() % labels;
  return data;
}

/// Pairs of clips with the very same frames, in opposite order: label 0 rises,
/// label 1 falls.
inline MadeUpClips rising_and_falling_clips(std::size_t pairs, std::size_t width,
                                            std::uint64_t seed) {
  constexpr std::size_t frames = 8;
  std::mt19937_64 random(seed);
  MadeUpClips data;
  for (std::size_t pair = 0; pair < pairs; ++pair) {
    Tensor rising = noise(random, frames, width);
    Tensor falling = rising;
    for (std::size_t t = 0; t < frames; ++t) {
      rising.data<float>()[t * width] += static_cast<float>(t);
    }
    for (std::size_t t = 0; t < frames; ++t) {
      for (std::size_t d = 0; d < width; ++d) {
        falling.data<float>()[t * width + d] = rising.data<float>()[(frames - 1 - t) * width + d];
      }
    }
    data.clips.push_back(std::move(rising));
    data.labels.push_back(0);
    data.clips.push_back(std::move(falling));
    data.labels.push_back(1);
  }
  return data;
}

/// A head small enough to train in an instant.
inline head::HeadSpec small_spec(head::HeadKind kind, std::size_t features, std::size_t labels) {
  return {.kind = kind, .features = features, .labels = labels, .projection = 16, .hidden = 16};
}

}  // namespace vidclass::testing
