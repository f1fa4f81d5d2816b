#include "cli/command.hpp"
#include "cli/leak_list.hpp"
#include "cli/options.hpp"
#include "cli/score.hpp"
#include "core/format.hpp"
#include "core/text.hpp"
#include "pipeline/evaluate.hpp"

namespace vidclass::cli {
namespace {

std::string seeds_line(const evaluate::SeedScores& scores) {
  const auto part = [&](double evaluate::Metrics::*member) {
    std::vector<double> values;
    for (const auto& metrics : scores.seeds) values.push_back(metrics.*member);
    const auto summary = evaluate::mean_and_deviation(values);
    return format("{:.1f} % ± {:.1f}", summary.mean * 100, summary.deviation * 100);
  };
  return format(
      "mean and standard deviation of {} models: top-1 {}, top-5 {}, mean class accuracy {}\n",
      scores.seeds.size(), part(&evaluate::Metrics::top1), part(&evaluate::Metrics::top5),
      part(&evaluate::Metrics::mean_class_accuracy));
}

class Evaluate : public Command {
public:
  void setup(CLI::App& app) override {
    app.add_option("MODEL", request_.model, "a model file")->required();
    data_.setup(app);
    app.add_option("--split", request_.split, "which clips: train, val, test or all")
        ->capture_default_str()
        ->group(group::data);
    add_leak_option(app, request_.refuse_leaks);
    add_machine_options(app, machine_);
    classifier_.setup(app);
    add_clips_option(app, clips_);
    app.add_option("--against", request_.against,
                   "another model, compared on the same clips by McNemar's test")
        ->group(group::data);
    app.add_option("--also", request_.also,
                   "models of the same kind from other seeds: mean and standard deviation over all")
        ->allow_extra_args(false)
        ->group(group::data);
    app.add_option("--predictions", request_.predictions,
                   "write each clip's probabilities as a CSV")
        ->group(group::output);
    app.add_option("--report", request_.report, "write a page with everything: one HTML file")
        ->group(group::output);
    add_overwrite_option(app, request_.overwrite);
  }

  int run(const Context& context) override {
    request_.data = data_.data();
    request_.classifier = classifier_.options(machine_);
    request_.classifier.cache_dir = pipeline::feature_cache(machine_);
    request_.classifier.clips = clips_;
    request_.command = context.command;
    const report::EvaluationRecord record = pipeline::evaluate(request_, context.hooks).record;
    const evaluate::Metrics& metrics = record.verdict.model.metrics;
    context.print(format("{} ({}): {}{}{}", counted(metrics.clips, "clip"), record.split,
                         headline(record), record.heads.empty() ? "" : seeds_line(record.heads[0]),
                         class_table(metrics, record.labels)));
    if (!request_.report.empty()) {
      context.print(format("the page: {}\n", request_.report.string()));
    }
    context.print_json(report::to_json(record));
    return status_for(record.unusable);
  }

private:
  pipeline::EvaluateRequest request_;
  DataOptions data_;
  MachineOptions machine_;
  ClassifierFlags classifier_;
  int clips_ = classify::ClassifierOptions{}.clips;
};

}  // namespace

std::unique_ptr<Command> make_evaluate() { return std::make_unique<Evaluate>(); }

}  // namespace vidclass::cli
