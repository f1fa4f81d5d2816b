// Learning the Keras example's network (head::HeadKind::keras_gru).
//
// The network is so small that a general engine spends its time on anything but the
// sums: with the gradients written out, nearly all is two matrix products.
#include <algorithm>

#include "train/dense_layer.hpp"
#include "train/gru_layer.hpp"
#include "train/plain_learner.hpp"

namespace vidclass::train {
namespace {

constexpr std::size_t first_units = head::keras_gru_units[0];
constexpr std::size_t units = head::keras_gru_units[1];

class KerasGruLearner final : public PlainLearner {
public:
  KerasGruLearner(const head::HeadSpec& spec, std::uint64_t seed)
      : PlainLearner(spec, seed),
        gru_(weights_, "gru", spec.features, first_units, random_),
        gru_1_(weights_, "gru_1", first_units, units, random_),
        dense_(weights_, "dense", units, head::keras_dense_units, random_),
        dense_1_(weights_, "dense_1", head::keras_dense_units, spec.labels, random_) {}

  void prepare(const LabelledFeatures&) override {}

  double add_gradients(const Batch& batch, const Loss& loss, double scale) override {
    Pass pass = forward(batch, /*training=*/true);
    auto [value, by_logits] = loss.of(pass.logits, batch.labels);
    for (float& gradient : by_logits.data<float>()) gradient *= static_cast<float>(scale);

    dense_1_.add_gradients(pass.hidden, by_logits.data<float>());
    auto by_hidden = dense_1_.backward(by_logits.data<float>());
    for (std::size_t i = 0; i < by_hidden.size(); ++i) {
      if (pass.hidden[i] <= 0) by_hidden[i] = 0;  // ReLU
    }
    dense_.add_gradients(pass.last, by_hidden);
    const auto by_last = dense_.backward(by_hidden);

    std::vector<float> by_states(states_.rows.size() * units);
    for (std::size_t i = 0; i < batch.size(); ++i) {
      const std::size_t row = states_.starts[i + 1] - 1;
      for (std::size_t j = 0; j < units; ++j) {
        by_states[row * units + j] = by_last[i * units + j] * pass.kept[i * units + j];
      }
    }
    gru_1_.backward(by_states);
    gru_.backward(gru_1_.input_gradients());
    return value;
  }

  [[nodiscard]] Tensor probabilities(const Batch& batch) override {
    Tensor logits = forward(batch, /*training=*/false).logits;
    softmax(logits);
    return logits;
  }

  [[nodiscard]] NamedTensors export_parameters() override { return weights_.tensors(); }

private:
  struct Pass {
    std::vector<float> kept;    // [B, units]: 0 where dropped, else 1 / share kept
    std::vector<float> last;    // [B, units]: the second GRU's last states, dropout applied
    std::vector<float> hidden;  // [B, keras_dense_units]
    Tensor logits;              // [B, L]
  };

  Pass forward(const Batch& batch, bool training) {
    Pass pass;
    frames_ = {};
    for (const auto& clip : batch.clips) {
      const float* frame = clip->data<float>().data();
      for (std::size_t t = 0; t < clip->dim(0); ++t) {
        frames_.rows.push_back(frame + t * clip->dim(1));
      }
      frames_.starts.push_back(frames_.rows.size());
    }
    const std::vector<float>& states = gru_.forward(frames_);
    states_.starts = frames_.starts;
    states_.rows = rows_of(states, first_units);
    const std::vector<float>& last_states = gru_1_.forward(states_);

    constexpr auto share_kept = static_cast<float>(1 - head::keras_dropout);
    pass.kept.assign(batch.size() * units, 1.0F);
    if (training) {
      for (float& factor : pass.kept) {
        factor = random_.unit() < head::keras_dropout ? 0.0F : 1.0F / share_kept;
      }
    }
    for (std::size_t i = 0; i < batch.size(); ++i) {
      const std::size_t row = states_.starts[i + 1] - 1;
      for (std::size_t j = 0; j < units; ++j) {
        pass.last.push_back(last_states[row * units + j] * pass.kept[i * units + j]);
      }
    }
    pass.hidden = dense_.forward(pass.last);
    for (float& value : pass.hidden) value = std::max(value, 0.0F);
    pass.logits = Tensor::from<float>({batch.size(), spec_.labels}, dense_1_.forward(pass.hidden));
    return pass;
  }

  GruLayer gru_;
  GruLayer gru_1_;
  DenseLayer dense_;
  DenseLayer dense_1_;
  // Of the last forward pass, for the way back.
  Sequences frames_;
  Sequences states_;  // of the first GRU
};

}  // namespace

std::unique_ptr<Learner> make_keras_gru_learner(const head::HeadSpec& spec, std::uint64_t seed) {
  return std::make_unique<KerasGruLearner>(spec, seed);
}

}  // namespace vidclass::train
