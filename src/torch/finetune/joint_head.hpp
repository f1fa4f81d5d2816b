// The head behind the blocks that are trained, as a part of LibTorch's model.
#pragma once

#include <cstdint>
#include <vector>

#include <torch/torch.h>

#include "train/gru_learner.hpp"

namespace vidclass::torch {

/// Its parameters lie on the module's device, like those of the blocks; the sums, small ones, are
/// those of train::GruLearner, on the CPU. One thread at a time.
class JointHead : public ::torch::nn::Module {
public:
  /// A `gru`. `seed` decides the first weights.
  JointHead(const head::HeadSpec& spec, std::uint64_t seed);

  /// Looks at the training clips once, before training (normalisation).
  void prepare(const train::LabelledFeatures& data) { learner_.prepare(data); }
  /// Those of a head that was trained by itself: as head::Head::parameters, in which what
  /// prepare() finds is that of this head.
  void set_parameters(const NamedTensors& parameters);
  /// [1, L] before softmax, of the features [T, W] of one clip. In training, dropout comes from
  /// `seed`.
  [[nodiscard]] ::torch::Tensor logits(const ::torch::Tensor& features, std::uint64_t seed);

private:
  class Function;

  [[nodiscard]] ::torch::Tensor forward(const ::torch::Tensor& features, std::uint64_t seed);
  /// Gradients by the features, then by each parameter.
  [[nodiscard]] std::vector<::torch::Tensor> backward(const ::torch::Tensor& features,
                                                      const ::torch::Tensor& by_logits,
                                                      std::uint64_t seed);
  /// The learner takes over the module's parameters, and random numbers of this seed.
  void load(std::uint64_t seed);

  train::GruLearner learner_;
  std::vector<::torch::Tensor> values_;  // the module's parameters, in the learner's order
};

}  // namespace vidclass::torch
