#include <chrono>
#include <set>
#include <string>
#include <system_error>
#include <utility>

#include "cli/cross_validation.hpp"
#include "cli/data_job.hpp"
#include "cli/options.hpp"
#include "cli/train_job.hpp"
#include "cli/train_library.hpp"
#include "cli/verb.hpp"
#include "core/format.hpp"
#include "core/log.hpp"
#include "core/text.hpp"
#include "dataset/split.hpp"
#include "evaluate/metrics.hpp"
#include "train/search.hpp"
#include "train/trial_table.hpp"
#include "vidclass/error.hpp"

namespace vidclass::cli {
namespace {

namespace fs = std::filesystem;

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

class Tune : public Verb {
public:
  void setup(CLI::App& app) override {
    data_.setup(app);
    data_.setup_made_splits(app);
    machine_.setup(app);
    features_.setup(app);
    head_.setup(app);
    app.add_option("-o,--output", table_,
                   "the table of results, a line of JSON each; several processes may work on one, "
                   "and one that was ended is gone on with")
        ->required();
    add_seed_option(app, seed_, "of the made split, of the settings tried and of the training");
    app.add_option("--trials", search_.trials, "settings to try at most")
        ->capture_default_str()
        ->check(CLI::Range(1, 1'000'000));
    app.add_option("--minutes", minutes_, "begin no trial after so long")
        ->check(CLI::Range(0.0, 1e6));
  }

  int run(const Context& context) override {
    const auto began = std::chrono::steady_clock::now();
    search_.base = head_.train_options(seed_, machine_.threads);
    search_.seed = seed_;
    std::error_code error;
    if (fs::is_directory(table_, error)) {
      throw UsageError(format("{} is a folder; name the table to write", table_.string()));
    }
    search_.folds = data_.take_cross_validation().value_or(0);
    dataset::Manifest manifest = data_.open();
    data_.files_of(manifest).refuse(table_);
    dataset::make_splits(manifest, data_.split_options(seed_));
    const train::LearnerFactory make_learner = learner_factory(search_.base.spec.kind);
    const DataFeatures features = gather_features(
        manifest, {dataset::Split::train, dataset::Split::validation},
        features_.extract_options(machine_), head_.wants_faded(), head_.most_in_memory(), context);
    context.print(summary(features.report, features.settings) + "\n");
    set_sizes(search_.base.spec, features, manifest.labels.size());
    const train::LabelledFeatures& train = features.of(dataset::Split::train).data;
    const train::LabelledFeatures& validation = features.of(dataset::Split::validation).data;
    std::vector<TrainingData> parts{{train, validation}};
    if (search_.folds > 0) parts = make_folds(manifest, features, search_.folds, seed_);

    const train::TrialTable table(table_, subject_of(search_, train, validation));
    std::size_t done_here = 0;
    const auto has_time = [&] {
      const std::chrono::duration<double, std::ratio<60>> gone =
          std::chrono::steady_clock::now() - began;
      return !minutes_ || gone.count() < *minutes_;
    };
    while (has_time()) {
      auto taken = take(table);
      if (!taken) break;
      const train::TrialResult result =
          run_trial(taken->trial, parts, make_learner, table, context);
      ++done_here;
      context.print(line_of(result) + "\n");
    }
    return report(table, done_here, features, context);
  }

private:
  struct Taken {
    train::Trial trial;
    std::unique_ptr<train::TrialTable::Claim> claim;
  };

  /// The next trial that nobody else works on; empty when there is none.
  [[nodiscard]] std::optional<Taken> take(const train::TrialTable& table) const {
    std::set<std::pair<int, int>> busy;
    while (true) {
      const auto results = table.results();
      const auto trial = next_trial(search_, results, [&](const train::Trial& other) {
        return busy.contains({other.number, other.rung});
      });
      if (!trial) return std::nullopt;
      auto claim = table.claim(*trial);
      // Someone may have ended it between the two looks at the table.
      if (claim && next_trial(search_, table.results(), [&](const train::Trial& other) {
                     return busy.contains({other.number, other.rung});
                   }) == trial) {
        return Taken{*trial, std::move(claim)};
      }
      if (!claim) busy.insert({trial->number, trial->rung});
    }
  }

  train::TrialResult run_trial(const train::Trial& trial, const std::vector<TrainingData>& parts,
                               const train::LearnerFactory& make_learner,
                               const train::TrialTable& table, const Context& context) const {
    train::TrainOptions settings = settings_of(search_, trial);
    Spread spread;
    double seconds = 0;
    for (const TrainingData& data : parts) {
      const auto result = train_heads(data.train, data.validation, settings, make_learner,
                                      {.progress = context.progress, .cancel = context.cancel});
      // Half a trial is no result; the next run tries it again.
      if (result.stopped) throw Cancelled();
      spread.add(result);
      seconds += result.seconds;
    }
    const train::TrialResult result{.trial = trial,
                                    .val_loss = evaluate::mean_and_deviation(spread.loss).mean,
                                    .val_top1 = evaluate::mean_and_deviation(spread.top1).mean};
    const Json details{{"seconds", seconds}, {"train", train_arguments(settings)}};
    table.add(result, to_strict_text(details));
    return result;
  }

  [[nodiscard]] std::string line_of(const train::TrialResult& result) const {
    return format("trial {:>3}: loss {:.3f}, top-1 {:5.1f} %  {}", result.trial.number,
                  result.val_loss, result.val_top1 * 100,
                  train_arguments(settings_of(search_, result.trial)));
  }

  int report(const train::TrialTable& table, std::size_t done_here, const DataFeatures& features,
             const Context& context) const {
    const auto results = ranked(table.results());
    if (results.empty()) throw Error("no trial was done: there was no time for one");
    constexpr std::size_t most_shown = 5;
    std::string text = format("{} in {}, {} of them done now; the best:\n",
                              counted(results.size(), "result"), table_.string(), done_here);
    Json best = Json::array();
    for (std::size_t i = 0; i < std::min(most_shown, results.size()); ++i) {
      text += "  " + line_of(results[i]) + "\n";
      best.push_back({{"trial", results[i].trial.number},
                      {"rung", results[i].trial.rung},
                      {"val_loss", results[i].val_loss},
                      {"val_top1", results[i].val_top1},
                      {"train", train_arguments(settings_of(search_, results[i].trial))}});
    }
    context.print(text);
    context.print_json({{"table", table_.string()},
                        {"results", results.size()},
                        {"done_now", done_here},
                        {"best", best},
                        {"unusable", to_json(features.report.unusable)}});
    return status_for(features.report.unusable);
  }

  DataOptions data_;
  MachineOptions machine_;
  FeatureOptions features_;
  HeadOptions head_;
  train::SearchOptions search_;
  fs::path table_;
  std::uint64_t seed_ = 1;
  std::optional<double> minutes_;
};

}  // namespace

std::unique_ptr<Verb> make_tune() { return std::make_unique<Tune>(); }

}  // namespace vidclass::cli
