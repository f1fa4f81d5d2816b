#include "train/plain_learner.hpp"

#include "core/format.hpp"
#include "train/gru_learner.hpp"
#include "vidclass/error.hpp"

namespace vidclass::train {

std::span<const Parameter> PlainLearner::parameters() {
  if (parameters_.empty()) parameters_ = weights_.parameters();
  return parameters_;
}

Tensor PlainLearner::random_state() const {
  return Tensor::from<std::int64_t>({1}, std::vector{static_cast<std::int64_t>(random_.state())});
}

void PlainLearner::set_random_state(const Tensor& state) {
  if (state.dtype() != DType::i64 || state.size() != 1) {
    throw Error(format("{} {} is no state of this head's random numbers", name_of(state.dtype()),
                       format_shape(state.shape())));
  }
  random_ = Random(static_cast<std::uint64_t>(state.data<std::int64_t>()[0]));
}

double LinearLearner::add_gradients(const Batch& batch, const Loss& loss, double scale) {
  const std::vector<float> x = training_inputs(batch);
  auto [value, by_logits] = loss.of(logits_of(batch, x), batch.labels);
  for (float& gradient : by_logits.data<float>()) gradient *= static_cast<float>(scale);
  classifier_->add_gradients(x, by_logits.data<float>());
  return value;
}

Tensor LinearLearner::probabilities(const Batch& batch) {
  Tensor logits = logits_of(batch, inputs(batch));
  softmax(logits);
  return logits;
}

Tensor LinearLearner::logits_of(const Batch& batch, const std::vector<float>& x) {
  return Tensor::from<float>({batch.size(), spec_.labels}, classifier_->forward(x));
}

std::unique_ptr<Learner> make_learner(const head::HeadSpec& spec, const Recipe& recipe,
                                      std::uint64_t seed) {
  switch (spec.kind) {
    case head::HeadKind::mean:
      return make_mean_learner(spec, seed);
    case head::HeadKind::keras_gru:
      return make_keras_gru_learner(spec, seed);
    case head::HeadKind::moments:
      return make_moments_learner(spec, recipe.input_dropout, seed);
    case head::HeadKind::gru:
      return std::make_unique<GruLearner>(spec, recipe, seed);
    case head::HeadKind::layers:
      break;
  }
  throw Error(format("a head of {} is not trained here", to_string(spec.kind)));
}

}  // namespace vidclass::train
