#include "pipeline/tune.hpp"

#include <chrono>
#include <memory>
#include <set>
#include <system_error>
#include <utility>

#include "core/format.hpp"
#include "core/json.hpp"
#include "evaluate/metrics.hpp"
#include "pipeline/scenes.hpp"
#include "train/trial_table.hpp"
#include "vidclass/error.hpp"

namespace vidclass::pipeline {
namespace {

using dataset::Split;

struct TakenTrial {
  train::Trial trial;
  std::unique_ptr<train::TrialTable::Claim> claim;
};

/// The next trial that nobody else works on; empty when there is none.
std::optional<TakenTrial> take(const train::SearchOptions& search, const train::TrialTable& table) {
  std::set<std::pair<int, int>> busy;
  const auto is_busy = [&](const train::Trial& other) {
    return busy.contains({other.number, other.rung});
  };
  while (true) {
    const auto trial = next_trial(search, table.results(), is_busy);
    if (!trial) return std::nullopt;
    auto claim = table.claim(*trial);
    // Someone may have ended it between the two looks at the table.
    if (claim && next_trial(search, table.results(), is_busy) == trial) {
      return TakenTrial{*trial, std::move(claim)};
    }
    if (!claim) busy.insert({trial->number, trial->rung});
  }
}

}  // namespace

TuneOutcome tune(const TuneRequest& request, const Hooks& hooks, const TuneEvents& events) {
  const auto began = std::chrono::steady_clock::now();
  check(request.head);
  std::error_code error;
  if (std::filesystem::is_directory(request.table, error)) {
    throw UsageError(format("{} is a folder; name the table to write", request.table.string()));
  }
  dataset::Manifest manifest = open_data(request.data, hooks);
  files_of(request.data, manifest).refuse(request.table, true);
  set_groups(manifest, request.data.groups, scene_options(request.features), hooks);
  make_splits(manifest, request.split, hooks);
  dataset::require_splits(manifest, {Split::train, Split::validation}, request.split);
  const DataFeatures features =
      gather_features(manifest, {Split::train, Split::validation}, request.features,
                      wants_faded(request.head), request.head.most_in_memory, hooks);
  TuneOutcome outcome{.extraction = features.report,
                      .results = {},
                      .search = {.base = request.head.options,
                                 .seed = request.seed,
                                 .trials = request.trials,
                                 .folds = request.folds}};
  if (events.on_features) events.on_features(features.report, features.settings);
  train::SearchOptions& search = outcome.search;
  search.base.seed = request.seed;
  if (request.head.mixture) search.base.mixture = *request.head.mixture;
  search.base.room = features.room;
  set_sizes(search.base.spec, features, manifest.labels.size());
  const train::LabelledFeatures& training = features.of(Split::train).data;
  const train::LabelledFeatures& validation = features.of(Split::validation).data;
  std::vector<TrainingData> parts{{training, validation}};
  if (request.folds > 0) parts = make_folds(manifest, features, request.folds, request.seed);

  const train::TrialTable table(request.table, subject_of(search, training, validation));
  const auto has_time = [&] {
    const std::chrono::duration<double, std::ratio<60>> gone =
        std::chrono::steady_clock::now() - began;
    return !request.minutes || gone.count() < *request.minutes;
  };
  while (has_time()) {
    const auto taken = take(search, table);
    if (!taken) break;
    const train::TrainOptions settings = settings_of(search, taken->trial);
    // Half a trial is no result (Cancelled); the next run tries it again.
    const Scores scores = cross_validate(
        parts, features, manifest.labels.size(), [&](int) { return settings; },
        [&](int) { return train::TrainHooks{.progress = hooks.progress, .cancel = hooks.cancel}; });
    const train::TrialResult result{.trial = taken->trial,
                                    .val_loss = evaluate::mean_and_deviation(scores.loss).mean,
                                    .val_top1 = evaluate::mean_and_deviation(scores.top1).mean};
    Json details{{"seconds", scores.seconds}};
    if (request.describe) details["train"] = request.describe(settings);
    table.add(result, to_strict_text(details));
    ++outcome.done_here;
    if (events.on_trial) events.on_trial(search, result);
  }
  outcome.results = ranked(table.results());
  if (outcome.results.empty()) throw Error("no trial was done: there was no time for one");
  return outcome;
}

}  // namespace vidclass::pipeline
