#include "vidclass/evaluate/metrics.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/format.hpp"
#include "vidclass/core/error.hpp"

namespace vidclass::evaluate {
namespace {

// keras.config.epsilon(), below which categorical_crossentropy clips.
constexpr double smallest_probability = 1e-7;
constexpr std::size_t top_count = 5;

void check(const Tensor& probabilities, std::span<const std::size_t> labels) {
  if (probabilities.dtype() != DType::f32 || probabilities.rank() != 2) {
    throw Error(format("probabilities must be float32 [clips, labels], not {} {}",
                       name_of(probabilities.dtype()), format_shape(probabilities.shape())));
  }
  if (probabilities.dim(0) != labels.size()) {
    throw Error(format("there are probabilities of {} clips, but labels of {}",
                       probabilities.dim(0), labels.size()));
  }
  if (labels.empty()) throw Error("there is no clip to evaluate");
  const auto values = probabilities.data<float>();
  if (!std::all_of(values.begin(), values.end(), [](float p) { return std::isfinite(p); })) {
    throw Error("a probability is not a finite number");
  }
}

void check_label(std::size_t label, std::size_t label_count) {
  if (label >= label_count) {
    throw Error(format("the label {} is out of range: there are {} labels", label, label_count));
  }
}

/// How many labels are more probable than `label`.
std::size_t rank_of(std::size_t label, std::span<const float> probabilities) {
  std::size_t rank = 0;
  for (std::size_t other = 0; other < probabilities.size(); ++other) {
    if (probabilities[other] > probabilities[label] ||
        (probabilities[other] == probabilities[label] && other < label)) {
      ++rank;
    }
  }
  return rank;
}

double mean_class_accuracy(const std::vector<std::vector<std::size_t>>& confusion) {
  double sum = 0;
  std::size_t classes = 0;
  for (std::size_t label = 0; label < confusion.size(); ++label) {
    const auto& row = confusion[label];
    const std::size_t clips = std::accumulate(row.begin(), row.end(), std::size_t{0});
    if (clips == 0) continue;
    sum += static_cast<double>(row[label]) / static_cast<double>(clips);
    ++classes;
  }
  return sum / static_cast<double>(classes);
}

}  // namespace

Metrics compute_metrics(const Tensor& probabilities, std::span<const std::size_t> labels) {
  check(probabilities, labels);
  const std::size_t label_count = probabilities.dim(1);
  Metrics metrics;
  metrics.clips = labels.size();
  metrics.confusion.assign(label_count, std::vector<std::size_t>(label_count, 0));

  std::size_t first = 0;
  std::size_t among_top = 0;
  double loss = 0;
  for (std::size_t clip = 0; clip < labels.size(); ++clip) {
    const std::size_t label = labels[clip];
    check_label(label, label_count);
    const auto row = probabilities.data<float>().subspan(clip * label_count, label_count);
    const std::size_t rank = rank_of(label, row);
    first += rank == 0 ? 1 : 0;
    among_top += rank < top_count ? 1 : 0;
    loss -= std::log(std::clamp<double>(row[label], smallest_probability, 1.0));
    const auto predicted = std::max_element(row.begin(), row.end()) - row.begin();
    ++metrics.confusion[label][static_cast<std::size_t>(predicted)];
  }
  const auto clips = static_cast<double>(metrics.clips);
  metrics.top1 = static_cast<double>(first) / clips;
  metrics.top5 = static_cast<double>(among_top) / clips;
  metrics.loss = loss / clips;
  metrics.mean_class_accuracy = mean_class_accuracy(metrics.confusion);
  return metrics;
}

double majority_share(std::span<const std::size_t> labels, std::size_t label_count) {
  if (labels.empty()) throw Error("there is no clip to evaluate");
  std::vector<std::size_t> counts(label_count, 0);
  for (const std::size_t label : labels) {
    check_label(label, label_count);
    ++counts[label];
  }
  return static_cast<double>(*std::max_element(counts.begin(), counts.end())) /
         static_cast<double>(labels.size());
}

}  // namespace vidclass::evaluate
