#include "train/streams.hpp"

#include <algorithm>
#include <cmath>

#include "core/format.hpp"
#include "evaluate/score.hpp"
#include "train/group_error.hpp"
#include "vidclass/error.hpp"

namespace vidclass::train {
namespace {

/// ln p, p no smaller than the losses that are told take it.
double log_probability(float p) { return -evaluate::surprise_of(static_cast<double>(p)); }

/// ln p of every value: [N, L] in rows.
std::vector<double> log_probabilities(const Tensor& probabilities) {
  std::vector<double> logs;
  logs.reserve(probabilities.size());
  for (const float p : probabilities.data<float>()) logs.push_back(log_probability(p));
  return logs;
}

/// ln p of both streams, and sums of their rows, each times its factor.
struct StreamLogs {
  std::vector<double> appearance, motion;
  std::size_t labels = 0;

  StreamLogs(const Tensor& a, const Tensor& m)
      : appearance(log_probabilities(a)), motion(log_probabilities(m)), labels(a.dim(1)) {}

  void row(std::size_t clip, double of_appearance, double of_motion,
           std::vector<double>& scores) const {
    scores.resize(labels);
    for (std::size_t i = 0; i < labels; ++i) {
      const std::size_t at = clip * labels + i;
      scores[i] = of_appearance * appearance[at] + of_motion * motion[at];
    }
  }

  /// -ln p(true label) of each clip.
  [[nodiscard]] std::vector<double> losses(double of_appearance, double of_motion,
                                           const std::vector<std::size_t>& truth) const {
    std::vector<double> scores, of_clips;
    for (std::size_t clip = 0; clip < truth.size(); ++clip) {
      row(clip, of_appearance, of_motion, scores);
      const double highest = *std::max_element(scores.begin(), scores.end());
      double sum = 0;
      for (const double score : scores) sum += std::exp(score - highest);
      of_clips.push_back(std::log(sum) + highest - scores[truth[clip]]);
    }
    return of_clips;
  }
};

/// Where `loss(ln T)`, which has one valley, is least, as T.
template <typename LossOf>
double best_temperature(const LossOf& loss) {
  // A tenth of a stream's certainty to ten times it.
  double low = std::log(0.1);
  double high = std::log(10.0);
  for (int round = 0; round < 60; ++round) {
    const double third = (high - low) / 3;
    if (loss(std::exp(low + third)) <= loss(std::exp(high - third))) {
      high -= third;
    } else {
      low += third;
    }
  }
  return std::exp((low + high) / 2);
}

}  // namespace

void check(const StreamWeights& weights) {
  const auto fine = [](double value, double low, double high) {
    return std::isfinite(value) && value >= low && value <= high;
  };
  for (const double weight : {weights.motion, weights.motion_elsewhere}) {
    if (!fine(weight, 0, 1)) throw Error(format("the weight of motion is {}, not 0 to 1", weight));
  }
  for (const double temperature : {weights.appearance_temperature, weights.motion_temperature}) {
    if (!fine(temperature, 1e-3, 1e3)) {
      throw Error(format("a stream's temperature is {}, not 0.001 to 1000", temperature));
    }
  }
}

double motion_weight(const StreamWeights& weights, double novelty) {
  return weights.motion + novelty * (weights.motion_elsewhere - weights.motion);
}

Tensor joined_probabilities(const Tensor& appearance, const Tensor& motion,
                            const StreamWeights& weights, std::span<const double> novelty) {
  if (appearance.shape() != motion.shape() || appearance.rank() != 2) {
    throw Error(format("streams of {} and {} cannot be joined", format_shape(appearance.shape()),
                       format_shape(motion.shape())));
  }
  const StreamLogs logs(appearance, motion);
  Tensor joined(DType::f32, appearance.shape());
  std::vector<double> scores;
  float* target = joined.data<float>().data();
  for (std::size_t clip = 0; clip < appearance.dim(0); ++clip) {
    const double of_clip = novelty.empty() ? 0 : novelty[novelty.size() == 1 ? 0 : clip];
    const double weight = motion_weight(weights, of_clip);
    logs.row(clip, (1 - weight) / weights.appearance_temperature,
             weight / weights.motion_temperature, scores);
    const double highest = *std::max_element(scores.begin(), scores.end());
    double sum = 0;
    for (double& score : scores) sum += score = std::exp(score - highest);
    for (const double score : scores) *target++ = static_cast<float>(score / sum);
  }
  return joined;
}

StreamChoice choose_stream_weights(const HeldOutStreams& held_out) {
  const std::vector<std::size_t>& truth = held_out.labels;
  if (truth.empty()) throw Error("no clip was held out to weigh the streams by");
  const StreamLogs logs(held_out.appearance, held_out.motion);
  const auto loss = [&](double of_appearance, double of_motion) {
    return mean_of(logs.losses(of_appearance, of_motion, truth));
  };
  StreamChoice choice;
  StreamWeights& weights = choice.weights;
  weights.appearance_temperature = best_temperature([&](double t) { return loss(1 / t, 0); });
  weights.motion_temperature = best_temperature([&](double t) { return loss(0, 1 / t); });
  choice.appearance_loss = loss(1 / weights.appearance_temperature, 0);
  choice.motion_loss = loss(0, 1 / weights.motion_temperature);

  const auto losses_at = [&](double motion) {
    return logs.losses((1 - motion) / weights.appearance_temperature,
                       motion / weights.motion_temperature, truth);
  };
  constexpr int steps = 20;
  std::vector<std::vector<double>> at;
  for (int i = 0; i <= steps; ++i) at.push_back(losses_at(static_cast<double>(i) / steps));
  std::vector<double> means;
  for (const std::vector<double>& losses : at) means.push_back(mean_of(losses));
  const auto best = static_cast<int>(std::min_element(means.begin(), means.end()) - means.begin());
  const auto mean_at = [&](int step) { return means[static_cast<std::size_t>(step)]; };

  constexpr double no_difference = 0.01;
  int known = best;
  for (int i = 0; i <= steps; ++i) {
    if (mean_at(i) > mean_at(best) + no_difference) continue;
    if (std::abs(2 * i - steps) < std::abs(2 * known - steps)) known = i;
  }
  std::vector<std::size_t> groups = held_out.groups;
  for (std::size_t i = groups.size(); i < truth.size(); ++i) groups.push_back(i);
  int elsewhere = best;
  for (int i = best + 1; i <= steps; ++i) {
    std::vector<double> excess = at[static_cast<std::size_t>(i)];
    for (std::size_t clip = 0; clip < excess.size(); ++clip) {
      excess[clip] -= at[static_cast<std::size_t>(best)][clip];
    }
    if (mean_of(excess) <= standard_error(excess, groups)) elsewhere = i;
  }
  weights.motion = static_cast<double>(known) / steps;
  weights.motion_elsewhere =
      std::max(static_cast<double>(elsewhere) / steps, (weights.motion + 1) / 2);
  choice.joined_loss = mean_at(known);
  return choice;
}

}  // namespace vidclass::train
