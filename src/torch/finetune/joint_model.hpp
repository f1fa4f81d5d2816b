// The blocks that are trained and the head that reads them, as one model.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include <torch/torch.h>

#include "torch/finetune.hpp"
#include "torch/finetune/activation_reader.hpp"
#include "torch/finetune/joint_head.hpp"
#include "torch/finetune/recipe.hpp"
#include "torch/xception_module.hpp"

namespace vidclass::torch {

/// A clip of a training step, and what decides all that is random about it.
struct DrawnClip {
  const CachedClip& clip;
  std::uint64_t seed = 0;
};

/// One thread at a time.
class JointModel {
public:
  JointModel(const FinetuneData& data, const FinetuneOptions& options);

  /// Measures what the head subtracts and divides by, on the features of the network as it
  /// came, and moves both to the device. To be called first.
  void prepare_head(const FinetuneData& data);
  /// Trains the head alone on the features of the network as it came, by the recipe of heads of its
  /// kind, so that the first gradients that reach the blocks are those of a head that knows the
  /// task.
  void train_head(const FinetuneData& data, const FinetuneRecipe& recipe,
                  const CancellationToken& cancel);

  /// Of each clip [1, L] before softmax, with dropout, of some of its frames. The blocks see the
  /// frames of all clips at once.
  [[nodiscard]] std::vector<::torch::Tensor> training_logits(std::span<const DrawnClip> clips,
                                                             std::int64_t frames);
  /// [1, L] on the CPU, of all frames of the clip as it is.
  [[nodiscard]] ::torch::Tensor probabilities(const CachedClip& clip);

  [[nodiscard]] XceptionModule& blocks() noexcept { return *blocks_; }
  [[nodiscard]] JointHead& head() noexcept { return *head_; }
  /// Those that are trained, in the order of the forward pass.
  [[nodiscard]] std::vector<::torch::Tensor> parameters() const;

private:
  /// [frames, P D].
  [[nodiscard]] ::torch::Tensor features(const ClipActivations& clip);

  std::uint64_t seed_;
  ::torch::Device device_;
  std::shared_ptr<XceptionModule> blocks_;
  head::HeadSpec spec_;  // of the head
  std::shared_ptr<JointHead> head_;
};

/// Smoothed cross-entropy of one clip (Szegedy et al. 2016).
[[nodiscard]] ::torch::Tensor smoothed_loss(const ::torch::Tensor& logits, std::size_t label,
                                            double smoothing);

}  // namespace vidclass::torch
