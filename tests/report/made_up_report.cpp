#include "made_up_report.hpp"

#include "core/format.hpp"
#include "core/json.hpp"
#include "core/random.hpp"
#include "evaluate/evaluation.hpp"

namespace vidclass::report::testing {
namespace {

Json scores(const evaluate::Metrics& metrics) {
  return {{"top1", metrics.top1},
          {"top5", metrics.top5},
          {"mean_class_accuracy", metrics.mean_class_accuracy},
          {"loss", metrics.loss}};
}

Json evaluation_of(const Tensor& probabilities, const std::vector<std::size_t>& truth,
                   const std::vector<std::string>& labels) {
  const auto evaluation = evaluate::evaluate(probabilities, truth);
  const auto pair = [](const evaluate::Interval& i) { return Json::array({i.low, i.high}); };
  Json document = scores(evaluation.metrics);
  document["clips"] = truth.size();
  document["split"] = "test";
  document["labels"] = labels;
  document["intervals"] = {{"level", 0.95},
                           {"resamples", evaluation.intervals.resamples},
                           {"groups", evaluation.intervals.groups},
                           {"top1", pair(evaluation.intervals.top1)},
                           {"top5", pair(evaluation.intervals.top5)},
                           {"mean_class_accuracy", pair(evaluation.intervals.mean_class_accuracy)},
                           {"loss", pair(evaluation.intervals.loss)}};
  Json bins = Json::array();
  for (const auto& bin : evaluation.calibration.bins) {
    bins.push_back({{"low", bin.low},
                    {"high", bin.high},
                    {"clips", bin.clips},
                    {"confidence", bin.confidence},
                    {"accuracy", bin.accuracy}});
  }
  document["calibration"] = {{"ece", evaluation.calibration.ece},
                             {"mean_confidence", evaluation.calibration.mean_confidence},
                             {"bins", bins}};
  Json classes = Json::array();
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const auto& of_class = evaluation.metrics.classes[i];
    classes.push_back({{"label", labels[i]},
                       {"support", of_class.support},
                       {"predicted", of_class.predicted},
                       {"precision", of_class.precision},
                       {"recall", of_class.recall},
                       {"f1", of_class.f1}});
  }
  document["classes"] = classes;
  document["confusion"] = evaluation.metrics.confusion;
  document["baseline"] = scores(evaluation.metrics);
  document["chance"] = 1.0 / static_cast<double>(labels.size());
  document["majority"] = evaluate::majority_share(truth, labels.size());
  document["unusable"] = {
      {{"path", "broken/" + labels[0] + ".avi"}, {"reason", "no video stream"}}};
  return document;
}

Json made_up_training() {
  Json members = Json::array();
  for (int member = 0; member < 2; ++member) {
    Json epochs = Json::array();
    for (int epoch = 1; epoch <= 12; ++epoch) {
      epochs.push_back({{"epoch", epoch},
                        {"train_loss", 2.0 / epoch},
                        {"val_loss", 2.2 / epoch + 0.01 * epoch + 0.05 * member},
                        {"val_objective", 2.2 / epoch},
                        {"val_top1", 1 - 0.8 / epoch}});
    }
    members.push_back({{"seed", member}, {"best_epoch", 9 + member}, {"epochs", epochs}});
  }
  return {{"seed", 1}, {"members", members}};
}

}  // namespace

std::vector<std::string> numbered_labels(std::size_t count) {
  std::vector<std::string> labels;
  for (std::size_t i = 1; i <= count; ++i) labels.push_back(format("Class {:03}", i));
  return labels;
}

Report made_up_report(const std::vector<std::string>& labels, std::size_t clips) {
  Random random(5);
  Report report;
  report.title = "Evaluation of " + labels[0];
  report.subtitle = "made up";
  report.labels = labels;
  std::vector<float> values;
  std::vector<std::size_t> truth;
  for (std::size_t label = 0; label < labels.size(); ++label) {
    for (std::size_t clip = 0; clip < clips; ++clip) {
      std::vector<float> row(labels.size(), 0.4F / static_cast<float>(labels.size()));
      const std::size_t given = random.unit() < 0.7 ? label : random.below(labels.size());
      row[given] += 0.6F;
      values.insert(values.end(), row.begin(), row.end());
      truth.push_back(label);
      report.clips.push_back({format("{}/{}.avi", labels[label], clip), label, row});
    }
    report.classes.push_back({.label = labels[label], .train = 10, .test = clips});
  }
  report.evaluation =
      evaluation_of(Tensor::from<float>({truth.size(), labels.size()}, values), truth, labels)
          .dump();
  report.training = made_up_training().dump();
  report.data = {{"Source", "clips/" + labels[0]}};
  report.warnings = {"the clip " + labels[0] + " is in two splits"};
  report.settings = {{"Network", "none"}};
  report.versions = {{"vidclass", "0"}};
  report.command = "vidclass evaluate '" + labels[0] + "'";
  return report;
}

}  // namespace vidclass::report::testing
