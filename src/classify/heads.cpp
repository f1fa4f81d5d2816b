#include "classify/heads.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

#include "classify/network.hpp"
#include "motion/cuboids.hpp"

namespace vidclass::classify {
namespace {

/// The probabilities after the first 1 to T of a clip's frames.
Tensor probabilities_so_far(head::HeadRunner& heads, const Tensor& features) {
  const std::size_t frames = features.dim(0);
  const std::size_t width = features.dim(1);
  std::vector<Tensor> starts;
  for (std::size_t count = 1; count <= frames; ++count) {
    starts.push_back(
        Tensor::from<float>({count, width}, features.data<float>().subspan(0, count * width)));
  }
  return heads.probabilities(starts);
}

/// What the motion stream says of what has moved by each of `times`: float32 [T, L].
Tensor motion_so_far(const model::MotionStream& motion, const motion::Description& moves,
                     const std::vector<double>& times) {
  Tensor all(DType::f32, {times.size(), motion.classifier.bias.size()});
  auto target = all.data<float>().begin();
  for (const double time : times) {
    const Tensor found = model::probabilities(motion, motion::until(moves, time));
    target = std::copy(found.data<float>().begin(), found.data<float>().end(), target);
  }
  return all;
}

void add_row(const Tensor& probabilities, std::size_t row, float weight, std::vector<float>& sum) {
  const std::size_t width = probabilities.dim(1);
  const auto values = probabilities.data<float>().subspan(row * width, width);
  sum.resize(width);
  for (std::size_t i = 0; i < width; ++i) sum[i] += weight * values[i];
}

Tensor as_row(const std::vector<float>& probabilities) {
  return Tensor::from<float>({1, probabilities.size()}, probabilities);
}

std::vector<float> values_of(const Tensor& probabilities) {
  const auto values = probabilities.data<float>();
  return {values.begin(), values.end()};
}

/// Joins the heads' probabilities with those of the motion stream, which are there already.
void join_streams(ClipResult& result, const train::StreamWeights& weights) {
  result.appearance = std::move(result.probabilities);
  result.probabilities = values_of(train::joined_probabilities(
      as_row(result.appearance), as_row(result.motion), weights, {&result.novelty, 1}));
  result.motion_weight = train::motion_weight(weights, result.novelty);
}

}  // namespace

features::ExtractOptions extract_options(const model::Model& model,
                                         const ClassifierOptions& options) {
  features::ExtractOptions result;
  if (model.backbone == features::arrays_backbone) {
    result.array_width = model.heads.at(0).spec.features;
    return result;
  }
  result.backbone = network_options(model, options);
  result.clip = model.clip;
  result.clip.clips = options.clips;
  result.streams.motion = model.motion.has_value();
  result.cache_dir = options.cache_dir;
  result.limits = options.limits;
  result.sampler = options.sampler;
  return result;
}

Heads::Heads(const model::Model& model, int threads) : model_(model), heads_(model.heads, threads) {
  if (model.baseline) baseline_.emplace(head::Ensemble{*model.baseline}, threads);
}

OpenQuestion Heads::ask(features::ClipFeatures features, bool follow) {
  OpenQuestion question;
  ClipResult& result = question.result;
  const auto times = features.at("times").data<double>();
  result.times = {times.begin(), times.end()};
  std::optional<motion::Description> moves;
  if (model_.motion) {
    moves = motion::description_from(features);
    result.motion = values_of(model::probabilities(*model_.motion, *moves));
  }
  question.sequences = features::joined_views(std::move(features));
  if (moves) {
    result.novelty = train::novelty_of(model_.motion->places, question.sequences[0]);
  }
  if (!follow || question.sequences.size() > 1) return question;
  result.so_far = probabilities_so_far(heads_, question.sequences[0]);
  if (moves) {
    result.so_far = train::joined_probabilities(result.so_far,
                                                motion_so_far(*model_.motion, *moves, result.times),
                                                model_.motion->weights, {&result.novelty, 1});
  }
  return question;
}

void Heads::answer(std::span<OpenQuestion> questions) {
  std::vector<Tensor> sequences;
  for (const OpenQuestion& question : questions) {
    sequences.insert(sequences.end(), question.sequences.begin(), question.sequences.end());
  }
  if (sequences.empty()) return;
  const Tensor probabilities = heads_.probabilities(sequences);
  const Tensor baseline = baseline_ ? baseline_->probabilities(sequences) : Tensor();
  std::size_t row = 0;
  for (OpenQuestion& question : questions) {
    const std::size_t count = question.sequences.size();
    const float weight = 1.0F / static_cast<float>(count);
    for (const std::size_t end = row + count; row < end; ++row) {
      add_row(probabilities, row, weight, question.result.probabilities);
      if (baseline_) add_row(baseline, row, weight, question.result.baseline);
    }
    if (model_.motion) join_streams(question.result, model_.motion->weights);
  }
}

}  // namespace vidclass::classify
