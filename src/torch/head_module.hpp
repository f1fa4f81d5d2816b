// Heads as LibTorch modules, for training.
#pragma once

#include <memory>

#include <torch/torch.h>

#include "head/head.hpp"
#include "torch/clip_batch.hpp"
#include "train/features.hpp"
#include "train/recipe.hpp"

namespace vidclass::torch {

/// The same functions as head/head_graph.cpp computes, differentiable.
class HeadModule : public ::torch::nn::Module {
public:
  /// [B, L], before softmax.
  virtual ::torch::Tensor logits(const ClipBatch& batch) = 0;
  /// Looks at the training clips once, before training (normalisation).
  virtual void prepare(const train::LabelledFeatures& data) = 0;
  [[nodiscard]] virtual NamedTensors export_parameters() const = 0;
};

/// A `gru`. All that is random, the first weights and dropout, comes from
/// `generator`, so that several modules can be trained at the same time.
[[nodiscard]] std::shared_ptr<HeadModule> make_head_module(const head::HeadSpec& spec,
                                                           const train::Recipe& recipe,
                                                           const ::torch::Generator& generator);

}  // namespace vidclass::torch
