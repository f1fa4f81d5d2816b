#include "evaluate/bootstrap.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

#include "core/format.hpp"
#include "core/random.hpp"
#include "evaluate/outcome.hpp"
#include "vidclass/error.hpp"

namespace vidclass::evaluate {
namespace {

/// Clips that are drawn together, in the order of their first clips.
std::vector<std::vector<std::size_t>> clips_by_group(std::size_t clips,
                                                     std::span<const std::string> groups) {
  std::vector<std::vector<std::size_t>> result;
  std::map<std::string, std::size_t> known;
  for (std::size_t clip = 0; clip < clips; ++clip) {
    std::size_t group = result.size();
    if (!groups.empty() && !groups[clip].empty()) {
      group = known.emplace(groups[clip], group).first->second;
    }
    if (group == result.size()) result.emplace_back();
    result[group].push_back(clip);
  }
  return result;
}

/// Sums over the clips drawn.
class Resample {
public:
  explicit Resample(std::size_t label_count) : support_(label_count), right_(label_count) {}

  void add(const Outcome& clip) {
    ++clips_;
    ++support_[clip.label];
    right_[clip.label] += clip.right() ? 1 : 0;
    among_top_ += clip.among_top5() ? 1 : 0;
    loss_ += clip.loss;
  }
  [[nodiscard]] double top1() const {
    std::size_t right = 0;
    for (const std::size_t of_label : right_) right += of_label;
    return static_cast<double>(right) / static_cast<double>(clips_);
  }
  [[nodiscard]] double top5() const {
    return static_cast<double>(among_top_) / static_cast<double>(clips_);
  }
  [[nodiscard]] double mean_class_accuracy() const {
    double sum = 0;
    std::size_t present = 0;
    for (std::size_t label = 0; label < support_.size(); ++label) {
      if (support_[label] == 0) continue;
      sum += static_cast<double>(right_[label]) / static_cast<double>(support_[label]);
      ++present;
    }
    return sum / static_cast<double>(present);
  }
  [[nodiscard]] double loss() const { return loss_ / static_cast<double>(clips_); }

private:
  std::size_t clips_ = 0;
  std::vector<std::size_t> support_;
  std::vector<std::size_t> right_;
  std::size_t among_top_ = 0;
  double loss_ = 0;
};

/// Linear between order statistics, as numpy.quantile does by default.
double quantile(const std::vector<double>& sorted, double share) {
  const double place = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (place - std::floor(place)) * (sorted[above] - sorted[below]);
}

Interval interval(std::vector<double> values, double level) {
  std::sort(values.begin(), values.end());
  return {quantile(values, (1 - level) / 2), quantile(values, (1 + level) / 2)};
}

}  // namespace

ConfidenceIntervals bootstrap(const Tensor& probabilities, std::span<const std::size_t> labels,
                              std::span<const std::string> groups,
                              const BootstrapOptions& options) {
  const std::vector<Outcome> clips = outcomes(probabilities, labels);
  if (!groups.empty() && groups.size() != clips.size()) {
    throw Error(format("there are {} clips, but groups of {}", clips.size(), groups.size()));
  }
  if (options.resamples == 0 || !(options.level > 0 && options.level < 1)) {
    throw Error(
        format("a bootstrap of {} resamples at the level {} is none: at least 1, and "
               "between 0 and 1",
               options.resamples, options.level));
  }
  const auto drawn = clips_by_group(clips.size(), groups);
  Random random(options.seed);
  std::vector<double> top1;
  std::vector<double> top5;
  std::vector<double> mean_class_accuracy;
  std::vector<double> loss;
  for (std::size_t i = 0; i < options.resamples; ++i) {
    Resample resample(probabilities.dim(1));
    for (std::size_t j = 0; j < drawn.size(); ++j) {
      for (const std::size_t clip : drawn[random.below(drawn.size())]) resample.add(clips[clip]);
    }
    top1.push_back(resample.top1());
    top5.push_back(resample.top5());
    mean_class_accuracy.push_back(resample.mean_class_accuracy());
    loss.push_back(resample.loss());
  }
  return {.top1 = interval(std::move(top1), options.level),
          .top5 = interval(std::move(top5), options.level),
          .mean_class_accuracy = interval(std::move(mean_class_accuracy), options.level),
          .loss = interval(std::move(loss), options.level),
          .level = options.level,
          .resamples = options.resamples,
          .groups = drawn.size()};
}

}  // namespace vidclass::evaluate
