#include "evaluate/metrics.hpp"

#include <algorithm>
#include <cmath>

#include "core/format.hpp"
#include "evaluate/outcome.hpp"
#include "vidclass/error.hpp"

namespace vidclass::evaluate {
namespace {

double share(std::size_t part, std::size_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

std::vector<ClassMetrics> class_metrics(const std::vector<std::vector<std::size_t>>& confusion) {
  std::vector<ClassMetrics> classes(confusion.size());
  for (std::size_t label = 0; label < confusion.size(); ++label) {
    for (std::size_t other = 0; other < confusion.size(); ++other) {
      classes[label].support += confusion[label][other];
      classes[label].predicted += confusion[other][label];
    }
    ClassMetrics& metrics = classes[label];
    const std::size_t right = confusion[label][label];
    metrics.precision = share(right, metrics.predicted);
    metrics.recall = share(right, metrics.support);
    // The harmonic mean, written with counts.
    metrics.f1 = share(2 * right, metrics.predicted + metrics.support);
  }
  return classes;
}

double mean_class_accuracy(const std::vector<ClassMetrics>& classes) {
  double sum = 0;
  std::size_t present = 0;
  for (const ClassMetrics& metrics : classes) {
    if (metrics.support == 0) continue;
    sum += metrics.recall;
    ++present;
  }
  return sum / static_cast<double>(present);
}

}  // namespace

Metrics compute_metrics(const Tensor& probabilities, std::span<const std::size_t> labels) {
  const std::vector<Outcome> clips = outcomes(probabilities, labels);
  const std::size_t label_count = probabilities.dim(1);
  Metrics metrics;
  metrics.clips = clips.size();
  metrics.confusion.assign(label_count, std::vector<std::size_t>(label_count, 0));

  std::size_t right = 0;
  std::size_t among_top = 0;
  double loss = 0;
  for (const Outcome& clip : clips) {
    right += clip.right() ? 1 : 0;
    among_top += clip.among_top5() ? 1 : 0;
    loss += clip.loss;
    ++metrics.confusion[clip.label][clip.predicted];
  }
  metrics.top1 = share(right, metrics.clips);
  metrics.top5 = share(among_top, metrics.clips);
  metrics.loss = loss / static_cast<double>(metrics.clips);
  metrics.classes = class_metrics(metrics.confusion);
  metrics.mean_class_accuracy = mean_class_accuracy(metrics.classes);
  return metrics;
}

double majority_share(std::span<const std::size_t> labels, std::size_t label_count) {
  if (labels.empty()) throw Error("there is no clip to evaluate");
  std::vector<std::size_t> counts(label_count, 0);
  for (const std::size_t label : labels) {
    if (label >= label_count) {
      throw Error(format("the label {} is out of range: there are {} labels", label, label_count));
    }
    ++counts[label];
  }
  return share(*std::max_element(counts.begin(), counts.end()), labels.size());
}

MeanAndDeviation mean_and_deviation(std::span<const double> values) {
  const auto count = static_cast<double>(values.size());
  MeanAndDeviation result;
  for (const double value : values) result.mean += value / count;
  if (values.size() < 2) return result;
  double squares = 0;
  for (const double value : values) squares += (value - result.mean) * (value - result.mean);
  result.deviation = std::sqrt(squares / (count - 1));
  return result;
}

}  // namespace vidclass::evaluate
