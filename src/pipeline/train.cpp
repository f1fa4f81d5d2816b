#include "pipeline/train.hpp"

#include <future>
#include <system_error>

#include "backbone/frozen_layers.hpp"
#include "core/format.hpp"
#include "core/launcher.hpp"
#include "pipeline/choose_ensemble.hpp"
#include "pipeline/job_outlook.hpp"
#include "pipeline/joined_streams.hpp"
#include "pipeline/leaks.hpp"
#include "pipeline/make_model.hpp"
#include "pipeline/ranks.hpp"
#include "pipeline/scenes.hpp"
#include "pipeline/seen_clips.hpp"
#include "pipeline/torch_library.hpp"
#include "vidclass/error.hpp"

namespace vidclass::pipeline {
namespace {

namespace fs = std::filesystem;
using dataset::Split;

struct SeededResult {
  std::uint64_t seed = 1;
  train::TrainResult result;
  std::optional<model::StreamsRecord> streams{};
  std::optional<model::MotionStream> motion{};
};

fs::path checkpoint_dir(const TrainRequest& request) {
  return request.output.string() + ".checkpoints";
}

void check(const TrainRequest& request) {
  check(request.head);
  if (request.seeds < 1) {
    throw UsageError(format("seeds must be 1 or more, not {}", request.seeds));
  }
  if (request.output.empty()) throw UsageError("the model file to write has no name");
  std::error_code error;
  if (fs::is_directory(request.output, error)) {
    throw UsageError(
        format("{} is a folder; name the model file to write", request.output.string()));
  }
  if (request.folds && request.finetune) {
    throw UsageError(
        "folds leave clips out that a fine-tuned network has seen: fine-tune each fold by itself");
  }
}

/// One training of a request whose features are there.
class Trainings {
public:
  Trainings(const TrainRequest& request, const dataset::Manifest& manifest,
            const DataFeatures& features, const Hooks& hooks, const TrainEvents& events)
      : request_(request),
        manifest_(manifest),
        features_(features),
        hooks_(hooks),
        events_(events) {}

  void choose_ensemble() {
    EnsembleChoice choice =
        pipeline::choose_ensemble(manifest_, features_, options_of(request_.seed, ""), hooks_);
    ensemble_ = std::move(choice.record);
    left_out_ = std::move(choice.left_out);
    if (events_.on_ensemble) events_.on_ensemble(*ensemble_);
  }
  [[nodiscard]] const std::optional<model::EnsembleRecord>& ensemble() const { return ensemble_; }

  [[nodiscard]] Scores folds(int count) const {
    std::optional<JoinedStreams> streams = streams_of(request_.seed, hooks_);
    const Scores scores = cross_validate(
        make_folds(manifest_, features_, count, request_.seed), features_, manifest_.labels.size(),
        [&](int fold) { return options_of(request_.seed, format("fold-{}", fold)); },
        [&](int fold) {
          return hooks_of({.seed = request_.seed, .fold = fold},
                          format(", fold {} of {}", fold, count));
        },
        [&](const TrainingData& data, train::TrainResult& result) {
          if (streams) streams->join(data, result);
        });
    if (events_.on_folds) events_.on_folds(scores);
    return scores;
  }

  /// The training with the lowest validation loss. Stops early, with what there is, when cancelled.
  [[nodiscard]] SeededResult best_seed(Scores& scores) const {
    std::optional<SeededResult> best;
    for (int i = 0; i < request_.seeds; ++i) {
      const std::uint64_t seed = request_.seed + static_cast<std::uint64_t>(i);
      SeededResult trained;
      trained.seed = seed;
      try {
        trained.result =
            train_on(features_, manifest_.labels.size(), options_of(seed, format("seed-{}", seed)),
                     refits(request_.head),
                     hooks_of({.seed = seed}, request_.seeds > 1 ? format(", seed {}", seed) : ""));
        add_motion(trained);
      } catch (const Cancelled&) {
        if (!best) throw;
        break;
      }
      scores.add(trained.result);
      if (!best || trained.result.val_loss < best->result.val_loss) best = std::move(trained);
      if (hooks_.cancel.requested()) break;
    }
    return *std::move(best);
  }

private:
  /// The motion stream of a seed, weighed if clips were left out; nothing where none is wanted.
  [[nodiscard]] std::optional<JoinedStreams> streams_of(std::uint64_t seed,
                                                        const Hooks& hooks) const {
    if (!features_.settings.streams.motion) return std::nullopt;
    return JoinedStreams(manifest_, features_, left_out_, seed, request_.features.backbone.threads,
                         hooks);
  }

  void add_motion(SeededResult& trained) const {
    // What a stopped training reached is to be whole.
    std::optional<JoinedStreams> streams =
        streams_of(trained.seed, trained.result.stopped ? Hooks{} : hooks_);
    if (!streams) return;
    trained.streams = streams->join(trained.result);
    trained.motion = streams->fit(trained.result.refitted);
  }

  [[nodiscard]] train::TrainOptions options_of(std::uint64_t seed, const std::string& part) const {
    train::TrainOptions options = request_.head.options;
    options.seed = seed;
    if (request_.head.mixture) options.mixture = *request_.head.mixture;
    if (ensemble_) options.mixture = ensemble_->mixture;
    options.checkpoints = request_.checkpoints;
    options.checkpoints.dir = checkpoint_dir(request_) / part;
    return options;
  }

  [[nodiscard]] train::TrainHooks hooks_of(const TrainingName& name,
                                           const std::string& suffix) const {
    train::TrainHooks hooks{.progress = hooks_.named(suffix).progress, .cancel = hooks_.cancel};
    if (events_.on_epoch) {
      hooks.on_epoch = [this, name](int member, const train::Epoch& epoch) {
        events_.on_epoch(name, member, epoch);
      };
    }
    return hooks;
  }

  const TrainRequest& request_;
  const dataset::Manifest& manifest_;
  const DataFeatures& features_;
  const Hooks& hooks_;
  const TrainEvents& events_;
  std::optional<model::EnsembleRecord> ensemble_;
  LeftOutAnswers left_out_;  // of heads as ensemble_ has them
};

/// The baseline belongs into every model file, also when all was to stop.
train::TrainResult finished(std::future<train::TrainResult>& coming, const DataFeatures& features,
                            std::size_t labels, std::uint64_t seed, bool refit) {
  try {
    train::TrainResult result = coming.get();
    if (!result.stopped) return result;
  } catch (const Cancelled&) {
  }
  return train_baseline(features, labels, seed, refit, {}).get();
}

/// Tells what is to come, but of fine-tuning, whose pace nothing short tells.
void tell_all_to_come(const TrainRequest& request, dataset::Manifest manifest, const Hooks& hooks) {
  if (request.finetune || request.features.rank > 0) return;
  dataset::make_splits(manifest, request.split);
  features::ExtractOptions features = request.features;
  features.streams.motion = wants_motion(request.head, manifest.content);
  tell_job({.manifest = manifest,
            .splits = {Split::train, Split::validation},
            .features = features,
            .head = request.head,
            .seeds = request.seeds,
            .folds = request.folds.value_or(0)},
           hooks);
}

/// Fine-tunes, and sets `how` to take the features of the tuned network.
FinetunedNetwork tune_network(const TrainRequest& request, const dataset::Manifest& manifest,
                              features::ExtractOptions& how, const Hooks& hooks,
                              const TrainEvents& events) {
  const auto ranks = torch_library().connect_ranks(rank_from_environment().value_or(Rank{}));
  train::CheckpointOptions checkpoints = request.checkpoints;
  checkpoints.dir = checkpoint_dir(request);
  std::function<void(const torch::FinetuneEpoch&)> on_epoch;
  if (ranks->first() && events.on_finetune_epoch) {
    on_epoch = [&](const torch::FinetuneEpoch& epoch) {
      events.on_finetune_epoch(request.seed, epoch);
    };
  }
  FinetunedNetwork network =
      finetune_network(manifest, how, *request.finetune, request.seed, checkpoints, *ranks,
                       hooks_of(ranks->first(), hooks), on_epoch);
  how.backbone.tuned = network.weights;
  how.rank = ranks->rank();
  how.ranks = ranks->size();
  return network;
}

}  // namespace

bool chooses_ensemble(const HeadRequest& request) noexcept {
  return request.options.spec.kind == head::HeadKind::gru && !request.mixture;
}

bool wants_faded(const HeadRequest& request) {
  const head::HeadKind kind = request.options.spec.kind;
  if (train::recipe_for(kind).draws_augmented) return request.faded.value_or(true);
  if (!request.faded.value_or(false)) return false;
  throw UsageError(
      format("a head {} is trained on plain clips: faded ones cannot be added", to_string(kind)));
}

bool wants_motion(const HeadRequest& request, dataset::Content content) {
  const bool arrays = content == dataset::Content::arrays;
  if (arrays && request.motion.value_or(false)) {
    throw UsageError(
        "feature arrays do not tell how their clips moved: leave the motion stream out");
  }
  return !arrays && request.motion.value_or(request.options.spec.kind == head::HeadKind::gru);
}

bool refits(const HeadRequest& request) noexcept {
  return request.refit.value_or(refits_by_default(request.options.spec.kind));
}

void check(const HeadRequest& request) {
  static_cast<void>(train::chosen_recipe(request.options));
  static_cast<void>(wants_faded(request));
}

void make_quick(HeadRequest& request) {
  if (!request.refit) request.refit = false;
  if (!request.faded) request.faded = false;
  if (request.options.spec.kind != head::HeadKind::gru) return;
  if (!request.mixture) request.mixture = train::Mixture::motion;
  if (!request.options.members) request.options.members = 3;
}

TrainOutcome train(const TrainRequest& request, const Hooks& hooks, const TrainEvents& events) {
  check(request);
  dataset::Manifest manifest = open_data(request.data, hooks);
  const InputFiles inputs = files_of(request.data, manifest);
  inputs.refuse(request.output, request.overwrite);
  for (const fs::path& log : request.logs) inputs.refuse(log, request.overwrite);
  if (request.finetune) {  // what it cannot do without, before the long work
    backbone::require_tunable(request.features.backbone);
    static_cast<void>(torch_library());
  }
  if (events.on_begin && request.features.rank == 0) events.on_begin();
  const int threads = request.features.backbone.threads;
  tell_all_to_come(request, manifest, hooks);
  set_groups(manifest, request.data.groups, scene_options(request.features), hooks);
  make_splits(manifest, request.split, hooks);
  dataset::require_splits(manifest, {Split::train, Split::validation}, request.split);
  const auto leaks = find_known_leaks(manifest, {}, request.features.cache_dir, threads, hooks);
  tell_leaks(leaks, manifest, request.refuse_leaks, hooks);

  features::ExtractOptions how = request.features;
  how.streams.motion = wants_motion(request.head, manifest.content);
  std::optional<FinetunedNetwork> network;
  if (request.finetune) network = tune_network(request, manifest, how, hooks, events);
  TrainOutcome outcome;
  outcome.leaks = leaks.size();
  if (how.rank > 0) {
    // The first rank does the rest alone.
    help_to_extract(manifest, how, wants_faded(request.head), hooks_of(false, hooks));
    outcome.helped_only = true;
    return outcome;
  }
  if (network && events.on_finetuned) events.on_finetuned(*network);
  const DataFeatures features =
      gather_features(manifest, {Split::train, Split::validation}, how, wants_faded(request.head),
                      request.head.most_in_memory, hooks);
  outcome.extraction = features.report;
  outcome.settings = features.settings;
  if (events.on_features) events.on_features(features.report, features.settings);

  const std::size_t labels = manifest.labels.size();
  const bool refit = refits(request.head);
  auto coming_baseline = train_baseline(features, labels, request.seed, refit, hooks.cancel);
  Trainings trainings(request, manifest, features, hooks, events);
  // A tuned network has seen the clips that would be left out.
  if (chooses_ensemble(request.head) && !network) trainings.choose_ensemble();
  if (request.folds) outcome.folds = trainings.folds(*request.folds);
  SeededResult best = trainings.best_seed(outcome.seeds);
  outcome.stopped = hooks.cancel.requested();
  // What was reached is still to be written.
  const Hooks finishing = outcome.stopped ? Hooks{.message = hooks.message} : hooks;
  if (best.motion && events.on_streams) events.on_streams(*best.streams, best.motion->weights);
  train::TrainResult baseline = finished(coming_baseline, features, labels, request.seed, refit);
  outcome.baseline_val_top1 = baseline.val_top1;
  ModelFacts facts{.seed = best.seed,
                   .split = request.split,
                   .seen = seen_clips(manifest, features, how.cache_dir, finishing),
                   .ensemble = trainings.ensemble(),
                   .streams = best.streams};
  if (network) facts.finetune = record_of(*network);
  outcome.model = make_model(manifest, features, std::move(best.result),
                             std::move(baseline.heads.at(0)), std::move(facts));
  outcome.model.motion = std::move(best.motion);
  if (network) outcome.model.tuned = network->weights;
  model::write(request.output, outcome.model);
  if (outcome.stopped) return outcome;
  std::error_code error;
  fs::remove_all(checkpoint_dir(request), error);
  return outcome;
}

}  // namespace vidclass::pipeline
