#include "made_up_report.hpp"

#include "core/format.hpp"
#include "core/json.hpp"
#include "core/random.hpp"
#include "evaluate/evaluation.hpp"

namespace vidclass::report::testing {
namespace {

EvaluationRecord evaluation_of(const Tensor& probabilities, const std::vector<std::size_t>& truth,
                               const std::vector<std::string>& labels) {
  EvaluationRecord record;
  record.labels = labels;
  record.verdict = evaluate::judge(probabilities, probabilities, truth, {});
  record.unusable = {{"broken/" + labels[0] + ".avi", "no video stream"}};
  return record;
}

model::TrainingRecord made_up_training() {
  model::TrainingRecord record;
  for (int member = 0; member < 2; ++member) {
    train::MemberHistory& history = record.members.emplace_back();
    history.seed = static_cast<std::uint64_t>(member);
    history.best_epoch = 9 + member;
    for (int epoch = 1; epoch <= 12; ++epoch) {
      history.epochs.push_back({.epoch = epoch,
                                .train_loss = 2.0 / epoch,
                                .val_loss = 2.2 / epoch + 0.01 * epoch + 0.05 * member,
                                .val_objective = 2.2 / epoch,
                                .val_top1 = 1 - 0.8 / epoch});
    }
  }
  return record;
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
      evaluation_of(Tensor::from<float>({truth.size(), labels.size()}, values), truth, labels);
  report.training = made_up_training();
  report.data = {{"Source", "clips/" + labels[0]}};
  report.scenes = {{.name = "scene of " + labels[0],
                    .clips = 2,
                    .splits = "train",
                    .shown = {{{labels[0] + "/0.avi"}, labels[0]}}}};
  report.places = {{.name = "New places", .top1 = 0.6, .low = 0.5, .high = 0.7, .from = "folds"}};
  report.warnings = {"the clip " + labels[0] + " is in two splits"};
  report.settings = {{"Network", "none"}};
  report.versions = {{"vidclass", "0"}};
  report.command = "vidclass evaluate '" + labels[0] + "'";
  return report;
}

}  // namespace vidclass::report::testing
