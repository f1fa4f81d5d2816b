#include "cli/verdict.hpp"

#include "cli/score.hpp"
#include "core/format.hpp"

namespace vidclass::cli {
namespace {

Json pair(const evaluate::Interval& interval) { return Json::array({interval.low, interval.high}); }

Json to_json(const evaluate::ConfidenceIntervals& intervals) {
  return {
      {"level", intervals.level},     {"resamples", intervals.resamples},
      {"groups", intervals.groups},   {"top1", pair(intervals.top1)},
      {"top5", pair(intervals.top5)}, {"mean_class_accuracy", pair(intervals.mean_class_accuracy)},
      {"loss", pair(intervals.loss)}};
}

Json to_json(const evaluate::Calibration& calibration) {
  Json bins = Json::array();
  for (const auto& bin : calibration.bins) {
    bins.push_back({{"low", bin.low},
                    {"high", bin.high},
                    {"clips", bin.clips},
                    {"confidence", bin.confidence},
                    {"accuracy", bin.accuracy}});
  }
  return {
      {"ece", calibration.ece}, {"mean_confidence", calibration.mean_confidence}, {"bins", bins}};
}

Json to_json(const evaluate::McNemar& test) {
  return {{"both_right", test.both_right},
          {"only_first", test.only_first},
          {"only_second", test.only_second},
          {"both_wrong", test.both_wrong},
          {"p_value", test.p_value}};
}

Json to_json(const std::vector<evaluate::ClassMetrics>& classes,
             const std::vector<std::string>& labels) {
  Json list = Json::array();
  for (std::size_t i = 0; i < classes.size(); ++i) {
    list.push_back({{"label", labels.at(i)},
                    {"support", classes[i].support},
                    {"predicted", classes[i].predicted},
                    {"precision", classes[i].precision},
                    {"recall", classes[i].recall},
                    {"f1", classes[i].f1}});
  }
  return list;
}

std::string percent(double share, const evaluate::Interval& interval) {
  return format("{:.1f} % ({:.1f} to {:.1f})", share * 100, interval.low * 100,
                interval.high * 100);
}

}  // namespace

Contest contest(const Answers& answers, std::string name, const Tensor& other) {
  return {.name = std::move(name),
          .metrics = evaluate::compute_metrics(other, answers.truth),
          .test = evaluate::mcnemar(answers.probabilities, other, answers.truth)};
}

Verdict judge(const Answers& answers) {
  Verdict verdict;
  verdict.model = evaluate::evaluate(answers.probabilities, answers.truth, answers.groups);
  verdict.contests.push_back(contest(answers, "the mean-pool baseline", answers.baseline));
  verdict.baseline = verdict.contests.front().metrics;
  verdict.majority = evaluate::majority_share(answers.truth, answers.labels.size());
  verdict.chance = 1.0 / static_cast<double>(answers.labels.size());
  return verdict;
}

Json to_json(const Verdict& verdict, const std::vector<std::string>& labels) {
  const evaluate::Metrics& metrics = verdict.model.metrics;
  Json document = to_json(metrics);
  document["clips"] = metrics.clips;
  document["labels"] = labels;
  document["intervals"] = to_json(verdict.model.intervals);
  document["calibration"] = to_json(verdict.model.calibration);
  document["classes"] = to_json(metrics.classes, labels);
  document["confusion"] = metrics.confusion;
  document["baseline"] = to_json(verdict.baseline);
  document["chance"] = verdict.chance;
  document["majority"] = verdict.majority;
  Json tests = Json::array();
  for (const Contest& other : verdict.contests) {
    Json entry{{"name", other.name}};
    entry.update(to_json(other.metrics));
    entry["mcnemar"] = to_json(other.test);
    tests.push_back(entry);
  }
  document["tests"] = tests;
  return document;
}

Json to_json(const SeedScores& scores) {
  Json document{{"name", scores.name}};
  const auto add = [&](const char* key, double evaluate::Metrics::*member) {
    std::vector<double> values;
    for (const auto& metrics : scores.seeds) values.push_back(metrics.*member);
    const auto summary = evaluate::mean_and_deviation(values);
    document[key] = {{"values", values}, {"mean", summary.mean}, {"deviation", summary.deviation}};
  };
  add("top1", &evaluate::Metrics::top1);
  add("top5", &evaluate::Metrics::top5);
  add("mean_class_accuracy", &evaluate::Metrics::mean_class_accuracy);
  add("loss", &evaluate::Metrics::loss);
  return document;
}

std::string headline(const Verdict& verdict) {
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
  for (const Contest& other : verdict.contests) {
    text += format("{}: top-1 {:.1f} %; {} clips right only here, {} only there (p = {:.2g})\n",
                   other.name, other.metrics.top1 * 100, other.test.only_first,
                   other.test.only_second, other.test.p_value);
  }
  return text + format("always the most frequent label: {:.1f} %; chance: {:.1f} %\n",
                       verdict.majority * 100, verdict.chance * 100);
}

}  // namespace vidclass::cli
