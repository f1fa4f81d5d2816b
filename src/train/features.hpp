// What heads learn from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "core/feature_source.hpp"

namespace vidclass::train {

/// Clips with their labels, one each.
struct LabelledFeatures {
  /// Float32 [T_i, W], T_i >= 1, W = P D (head::input_width). Null stands for no clips.
  std::shared_ptr<const FeatureSource> clips;
  std::vector<std::size_t> labels;
  /// 0, or: clips may hold more frames than are used (video::Sampling::segment). A training
  /// step draws so many of each clip, one of each equal part; all else takes the middle ones.
  std::size_t frames_drawn = 0;
  /// Null, or: augmented versions of the same clips (video::ClipSettings::faded), one each. A
  /// training step draws one of the two for each clip; all else takes `clips`.
  std::shared_ptr<const FeatureSource> augmented{};
  /// What a batch holds of a clip's frames, once they are drawn; empty: they themselves.
  std::function<Tensor(const Tensor& frames)> make{};

  [[nodiscard]] std::size_t size() const noexcept { return clips ? clips->size() : 0; }
};

/// Some of the clips, in the order given.
[[nodiscard]] LabelledFeatures subset(const LabelledFeatures& data, std::vector<std::size_t> clips);

/// Those of `first`, then those of `second`, neither of which may be null; frames are drawn as of
/// `first`. There are augmented versions if both have them.
[[nodiscard]] LabelledFeatures joined(const LabelledFeatures& first,
                                      const LabelledFeatures& second);

/// The clips of one training step, held only as long as it lasts.
struct Batch {
  std::vector<std::shared_ptr<const Tensor>> clips;  // float32 [T_i, W], or what is made of it
  std::vector<std::size_t> labels;

  [[nodiscard]] std::size_t size() const noexcept { return clips.size(); }
};

/// To look at: always the same frames.
[[nodiscard]] Batch make_batch(const LabelledFeatures& data, std::span<const std::size_t> clips);
/// To train on: one version of each clip, and LabelledFeatures::frames_drawn of its frames, others
/// in each epoch. Depends on nothing but the arguments, so that a resumed training draws the same.
[[nodiscard]] Batch draw_batch(const LabelledFeatures& data, std::span<const std::size_t> clips,
                               std::uint64_t seed, int epoch);

}  // namespace vidclass::train
