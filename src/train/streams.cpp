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
  if (!fine(weights.motion, 0, 1)) {
    throw Error(format("the weight of motion is {}, not 0 to 1", weights.motion));
  }
  for (const double temperature : {weights.appearance_temperature, weights.motion_temperature}) {
    if (!fine(temperature, 1e-3, 1e3)) {
      throw Error(format("a stream's temperature is {}, not 0.001 to 1000", temperature));
    }
  }
}

Tensor joined_probabilities(const Tensor& appearance, const Tensor& motion,
                            const StreamWeights& weights) {
  if (appearance.shape() != motion.shape() || appearance.rank() != 2) {
    throw Error(format("streams of {} and {} cannot be joined", format_shape(appearance.shape()),
                       format_shape(motion.shape())));
  }
  const StreamLogs logs(appearance, motion);
  Tensor joined(DType::f32, appearance.shape());
  std::vector<double> scores;
  float* target = joined.data<float>().data();
  for (std::size_t clip = 0; clip < appearance.dim(0); ++clip) {
    logs.row(clip, (1 - weights.motion) / weights.appearance_temperature,
             weights.motion / weights.motion_temperature, scores);
    const double highest = *std::max_element(scores.begin(), scores.end());
    double sum = 0;
    for (double& score : scores) sum += score = std::exp(score - highest);
    for (const double score : scores) *target++ = static_cast<float>(score / sum);
  }
  return joined;
}

StreamChoice choose_stream_weights(const HeldOutStreams& held_out, double most_cautious) {
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
  const auto best = std::min_element(
      at.begin(), at.end(), [](const auto& a, const auto& b) { return mean_of(a) < mean_of(b); });
  std::vector<std::size_t> groups = held_out.groups;
  for (std::size_t i = groups.size(); i < truth.size(); ++i) groups.push_back(i);
  int chosen = static_cast<int>(best - at.begin());
  for (int i = chosen + 1; i <= steps && i <= std::lround(most_cautious * steps); ++i) {
    std::vector<double> excess = at[static_cast<std::size_t>(i)];
    for (std::size_t clip = 0; clip < excess.size(); ++clip) excess[clip] -= (*best)[clip];
    if (mean_of(excess) <= standard_error(excess, groups)) chosen = i;
  }
  weights.motion = static_cast<double>(chosen) / steps;
  choice.joined_loss = mean_of(at[static_cast<std::size_t>(chosen)]);
  return choice;
}

}  // namespace vidclass::train
