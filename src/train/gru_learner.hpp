// Learning the bidirectional GRU (head::HeadKind::gru).
#pragma once

#include <cstdint>
#include <vector>

#include "train/dense_layer.hpp"
#include "train/gru_layer.hpp"
#include "train/plain_learner.hpp"

namespace vidclass::train {

/// Fine-tuning puts it behind a network: it then needs the gradient by the features as well.
class GruLearner final : public PlainLearner {
public:
  /// Of the recipe: the shares that are dropped.
  GruLearner(const head::HeadSpec& spec, const Recipe& recipe, std::uint64_t seed);

  /// The mean of each value, and a scale of each transform.
  void prepare(const LabelledFeatures& data) override;
  double add_gradients(const Batch& batch, const Loss& loss, double scale) override;
  [[nodiscard]] Tensor probabilities(const Batch& batch) override;
  [[nodiscard]] NamedTensors export_parameters() override;

  /// Float32 [B, L] before softmax, with dropout where `training`. `batch` must live until
  /// feature_gradients().
  [[nodiscard]] Tensor logits(const Batch& batch, bool training);
  /// `by_logits`: gradient by the last logits(), [B, L]. Adds to the weights' gradients.
  void backward(std::span<const float> by_logits);
  /// After backward(): gradient by each clip of the batch, float32 [T_i, W].
  [[nodiscard]] std::vector<Tensor> feature_gradients() const;

private:
  /// The transforms of the clips' frames, joined, [rows, V].
  [[nodiscard]] std::vector<float> values_of(const Batch& batch) const;
  /// Each clip's mean of forward and backward states over time, [B, 2 H].
  [[nodiscard]] std::vector<float> pooled() const;

  double input_dropout_;
  double feature_dropout_;
  double output_dropout_;
  std::vector<float> mean_;   // [V]
  std::vector<float> scale_;  // [V]
  DenseLayer projection_;
  GruLayer forward_;
  GruLayer backward_;
  DenseLayer classifier_;

  // Of the last logits(), for the way back.
  const Batch* batch_ = nullptr;
  Sequences frames_;    // of projected_
  Sequences reversed_;  // the same, each clip's frames turned around
  const std::vector<float>* states_[2] = {nullptr, nullptr};  // forward, backward
  std::vector<float> read_;                                   // [rows, V]
  std::vector<float> read_kept_;                              // dropout's factors of it, and so on
  std::vector<float> projected_;                              // [rows, U]
  std::vector<float> projected_kept_;
  std::vector<float> pooled_;  // [B, 2 H]
  std::vector<float> pooled_kept_;
  std::vector<float> by_projected_;  // gradient by x K + b of the projection, [rows, U]
};

}  // namespace vidclass::train
