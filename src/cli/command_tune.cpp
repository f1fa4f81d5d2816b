#include <algorithm>

#include "cli/command.hpp"
#include "cli/options.hpp"
#include "cli/training_text.hpp"
#include "core/format.hpp"
#include "core/text.hpp"
#include "pipeline/tune.hpp"
#include "report/documents.hpp"

namespace vidclass::cli {
namespace {

/// What `train` is told to train with these settings.
std::string train_arguments(const train::TrainOptions& settings) {
  std::string text = format("--head {}", head::to_string(settings.spec.kind));
  const auto add = [&](const char* option, const auto& value) {
    if (value) text += format(" {} {}", option, *value);
  };
  add("--epochs", settings.epochs);
  add("--lr", settings.learning_rate);
  add("--weight-decay", settings.weight_decay);
  add("--label-smoothing", settings.label_smoothing);
  add("--batch-size", settings.batch_size);
  add("--dropout", settings.output_dropout);
  add("--hidden", settings.hidden);
  return text;
}

class Tune : public Command {
public:
  void setup(CLI::App& app) override {
    data_.setup(app);
    data_.setup_made_splits(app);
    add_machine_options(app, machine_);
    add_feature_options(app, features_);
    add_head_options(app, request_.head);
    app.add_option("-o,--output", request_.table,
                   "the table of results, a line of JSON each; several processes may work on one, "
                   "and one that was ended is gone on with")
        ->required()
        ->group(group::output);
    add_seed_option(app, request_.seed,
                    "of the made split, of the settings tried and of the training")
        ->group(group::head);
    app.add_option("--trials", request_.trials, "settings to try at most")
        ->capture_default_str()
        ->group(group::head)
        ->check(CLI::Range(1, 1'000'000));
    app.add_option("--minutes", request_.minutes,
                   "begin no trial after so long (default: no limit)")
        ->group(group::head)
        ->check(CLI::Range(0.0, 1e6));
  }

  int run(const Context& context) override {
    request_.folds = data_.take_cross_validation().value_or(0);
    request_.data = data_.data();
    request_.split = data_.split_options(request_.seed);
    request_.features = pipeline::extract_options(features_, machine_);
    request_.head.options.threads = machine_.threads;
    request_.describe = train_arguments;
    const pipeline::TuneOutcome outcome = pipeline::tune(
        request_, context.hooks,
        {.on_features =
             [&](const auto& report, const auto& settings) {
               context.print(summary(report, settings) + "\n");
             },
         .on_trial = [&](const auto& search,
                         const auto& result) { context.print(line_of(search, result) + "\n"); }});
    context.print(best_of(outcome));
    context.print_json(document(outcome));
    return status_for(outcome.extraction.unusable);
  }

private:
  static constexpr std::size_t most_shown = 5;

  static std::string line_of(const train::SearchOptions& search, const train::TrialResult& result) {
    return format("trial {:>3}: loss {:.3f}, top-1 {:5.1f} %  {}", result.trial.number,
                  result.val_loss, result.val_top1 * 100,
                  train_arguments(settings_of(search, result.trial)));
  }

  [[nodiscard]] std::string best_of(const pipeline::TuneOutcome& outcome) const {
    std::string text = format("{} in {}, {} of them done now; the best:\n",
                              counted(outcome.results.size(), "result"), request_.table.string(),
                              outcome.done_here);
    for (std::size_t i = 0; i < std::min(most_shown, outcome.results.size()); ++i) {
      text += "  " + line_of(outcome.search, outcome.results[i]) + "\n";
    }
    return text;
  }

  [[nodiscard]] Json document(const pipeline::TuneOutcome& outcome) const {
    Json best = Json::array();
    for (std::size_t i = 0; i < std::min(most_shown, outcome.results.size()); ++i) {
      const train::TrialResult& result = outcome.results[i];
      best.push_back({{"trial", result.trial.number},
                      {"rung", result.trial.rung},
                      {"val_loss", result.val_loss},
                      {"val_top1", result.val_top1},
                      {"train", train_arguments(settings_of(outcome.search, result.trial))}});
    }
    return {{"table", request_.table.string()},
            {"results", outcome.results.size()},
            {"done_now", outcome.done_here},
            {"best", best},
            {"unusable", report::to_json(outcome.extraction.unusable)}};
  }

  pipeline::TuneRequest request_;
  DataOptions data_;
  MachineOptions machine_;
  FeatureOptions features_;
};

}  // namespace

std::unique_ptr<Command> make_tune() { return std::make_unique<Tune>(); }

}  // namespace vidclass::cli
