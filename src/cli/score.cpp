#include "cli/score.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "cli/text_width.hpp"
#include "core/format.hpp"
#include "core/text.hpp"

namespace vidclass::cli {

namespace {

std::string percent(double share, const evaluate::Interval& interval) {
  return format("{:.1f} % ({:.1f} to {:.1f})", share * 100, interval.low * 100,
                interval.high * 100);
}

}  // namespace

std::string headline(const report::EvaluationRecord& record) {
  const evaluate::Verdict& verdict = record.verdict;
  const evaluate::Metrics& metrics = verdict.model.metrics;
  const evaluate::ConfidenceIntervals& intervals = verdict.model.intervals;
  std::string text =
      format("top-1 {}, top-5 {}, mean class accuracy {}, loss {:.3f} ({:.3f} to {:.3f})\n",
             percent(metrics.top1, intervals.top1), percent(metrics.top5, intervals.top5),
             percent(metrics.mean_class_accuracy, intervals.mean_class_accuracy), metrics.loss,
             intervals.loss.low, intervals.loss.high);
  text +=
      format("in brackets: the {:.0f} % interval, by bootstrap over {} {}\n", intervals.level * 100,
             intervals.groups, intervals.groups < metrics.clips ? "groups" : "clips");
  text += format("calibration error {:.1f} % (sure to {:.1f} %, right in {:.1f} %)\n",
                 verdict.model.calibration.ece * 100,
                 verdict.model.calibration.mean_confidence * 100, metrics.top1 * 100);
  if (record.motion_weight) {
    text += format("motion weighs {:.2f}; {:.2f} in places unlike those trained in: {} of {}\n",
                   *record.motion_weight, record.motion_weight_elsewhere, record.elsewhere,
                   counted(metrics.clips, "clip"));
  }
  for (const evaluate::Comparison& other : verdict.comparisons) {
    text += format("{}: top-1 {:.1f} %; {} clips right only here, {} only there (p = {:.2g})\n",
                   other.name, other.metrics.top1 * 100, other.test.only_first,
                   other.test.only_second, other.test.p_value);
  }
  return text + format("always the most frequent label: {:.1f} %; chance: {:.1f} %\n",
                       verdict.majority * 100, verdict.chance * 100);
}

std::string class_table(const evaluate::Metrics& metrics, const std::vector<std::string>& labels) {
  constexpr std::size_t widest_matrix = 20;
  const bool with_matrix = labels.size() <= widest_matrix;
  const std::size_t width = widest("class", labels);

  std::string text = format("  {}   right", pad("class", width));
  if (with_matrix) {
    text += "   taken for (columns in the same order)";
  }
  text += "\n";
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const auto& row = metrics.confusion[i];
    const std::size_t total = std::accumulate(row.begin(), row.end(), std::size_t{0});
    text += format("  {}  {:>3}/{:<4}", pad(labels[i], width), row[i], total);
    if (with_matrix) {
      for (std::size_t j = 0; j < row.size(); ++j) {
        text += row[j] == 0 ? "    ." : format("{:>5}", row[j]);
      }
    }
    text += "\n";
  }
  return text;
}

std::string place_lines(const pipeline::PlaceScores& places) {
  std::string text;
  const auto add = [&](const char* where, const std::optional<pipeline::PlaceScore>& score) {
    if (!score) return;
    const std::string what =
        counted(score->clips, "clip") + " of " + counted(score->places, "place");
    text += format("{}: top-1 {} ({})\n", where, percent(score->top1, score->interval),
                   score->folds > 0 ? format("{} folds of {} to train with", score->folds, what)
                                    : format("test: {}", what));
  };
  add("in places that it was trained in", places.known);
  add("in new places", places.other);
  if (!places.missing.empty()) return text + places.missing + "\n";
  const double share = places.test_share_known;
  text += share <= 0   ? std::string("the test clips are from new places")
          : share >= 1 ? std::string("the test clips are from places that were trained in")
                       : format("{:.0f} % of the test clips are from places that were trained in",
                                share * 100);
  return text +
         "; count on the first where the camera stays where it was, on the second elsewhere\n";
}

}  // namespace vidclass::cli
