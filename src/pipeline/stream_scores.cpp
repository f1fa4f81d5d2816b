#include "pipeline/stream_scores.hpp"

#include <algorithm>

#include "evaluate/score.hpp"

namespace vidclass::pipeline {

void tell_streams(report::EvaluationRecord& record, const StreamAnswers& streams,
                  const Tensor& joined, std::span<const std::size_t> truth,
                  const train::StreamWeights& weights) {
  auto& comparisons = record.verdict.comparisons;
  comparisons.push_back(evaluate::compare(joined, streams.appearance, truth, "appearance alone"));
  comparisons.push_back(evaluate::compare(joined, streams.motion, truth, "motion alone"));
  record.motion_weight = weights.motion;
  record.motion_weight_elsewhere = weights.motion_elsewhere;
  record.elsewhere = static_cast<std::size_t>(std::count_if(
      streams.novelty.begin(), streams.novelty.end(), [](double value) { return value > 0.5; }));
  record.weights.clear();
  constexpr int steps = 10;
  for (int i = 0; i <= steps; ++i) {
    train::StreamWeights other = weights;
    other.motion = static_cast<double>(i) / steps;
    const evaluate::Score score = evaluate::score_of(
        train::joined_probabilities(streams.appearance, streams.motion, other), truth, 0);
    record.weights.push_back({other.motion, score.top1, score.loss});
  }
}

}  // namespace vidclass::pipeline
