#include "pipeline/run.hpp"

#include <system_error>

#include "core/format.hpp"
#include "core/own_files.hpp"
#include "core/parallel.hpp"
#include "head/runner.hpp"
#include "pipeline/choose_ensemble.hpp"
#include "pipeline/job_outlook.hpp"
#include "pipeline/joined_streams.hpp"
#include "pipeline/leaks.hpp"
#include "pipeline/make_model.hpp"
#include "pipeline/scenes.hpp"
#include "pipeline/seen_clips.hpp"
#include "pipeline/stream_scores.hpp"
#include "vidclass/error.hpp"

namespace vidclass::pipeline {
namespace {

using dataset::Split;

/// A head with its answers on the test clips.
struct Scored {
  train::TrainResult trained;
  Tensor probabilities;
  evaluate::Metrics metrics;
  std::optional<model::StreamsRecord> streams{};
  std::optional<model::MotionStream> motion{};
  StreamAnswers answers{};  // on the test clips; empty without a motion stream
};

struct Kept {
  std::uint64_t seed = 1;
  Scored chosen;
  Scored baseline;
};

void check(const RunRequest& request) {
  check(request.head);
  if (request.seeds < 1) {
    throw UsageError(format("seeds must be 1 or more, not {}", request.seeds));
  }
  std::error_code error;
  if (std::filesystem::exists(request.output, error) &&
      !std::filesystem::is_directory(request.output, error)) {
    throw UsageError(format("{} is not a folder; name one to write into", request.output.string()));
  }
}

class Running {
public:
  Running(const RunRequest& request, const Hooks& hooks, const RunEvents& events)
      : request_(request), hooks_(hooks), events_(events) {}

  RunOutcome run() {
    out_.manifest = open_data(request_.data);
    const InputFiles inputs = files_of(request_.data, out_.manifest);
    for (const std::filesystem::path& file : outputs()) inputs.refuse(file, request_.overwrite);
    // Too few clips are told of before they are looked at.
    const dataset::Manifest as_split = split(out_.manifest, {});
    out_.layout = out_.manifest.layout;
    if (events_.on_opened) events_.on_opened();
    tell_all_to_come(as_split);
    scan();
    extract();
    train();
    evaluate();
    return std::move(out_);
  }

private:
  [[nodiscard]] std::vector<std::filesystem::path> outputs() const {
    std::vector<std::filesystem::path> files;
    for (const char* name : run_files::all) files.push_back(request_.output / name);
    return files;
  }
  [[nodiscard]] int workers() const { return thread_count(request_.features.backbone.threads); }

  /// With splits made. Throws Error where these are too small, before the long work.
  [[nodiscard]] dataset::Manifest split(dataset::Manifest manifest, const Hooks& hooks) const {
    make_splits(manifest, request_.split, hooks);
    dataset::require_splits(manifest, {Split::train, Split::validation, Split::test},
                            request_.split);
    return manifest;
  }

  void tell_all_to_come(const dataset::Manifest& as_split) const {
    const features::ExtractOptions features = extract_options();
    tell_job({.manifest = as_split,
              .splits = {Split::train, Split::validation, Split::test},
              .features = features,
              .head = request_.head,
              .seeds = request_.seeds,
              .finds_near_duplicates = request_.near_duplicates,
              .finds_scenes = request_.near_duplicates,
              .compares = request_.compare && kind() != head::HeadKind::keras_gru,
              .scores_places = request_.place_folds,
              .writes_page = true},
             hooks_);
  }

  /// With the motion stream, if there is to be one.
  [[nodiscard]] features::ExtractOptions extract_options() const {
    features::ExtractOptions how = request_.features;
    how.streams.motion = wants_motion(request_.head, out_.manifest.content);
    return how;
  }

  void scan() {
    out_.scan = dataset::scan(out_.manifest,
                              {.threads = workers(),
                               .cache_dir = request_.features.cache_dir,
                               .limits = request_.features.limits,
                               .near_duplicates = request_.near_duplicates},
                              hooks_.progress, hooks_.cancel);
    for (const std::string& warning : out_.scan.warnings) hooks_.warn(warning);
    if (events_.on_scanned) events_.on_scanned(out_.manifest, out_.scan);
    SceneOptions scenes = scene_options(request_.features);
    scenes.find_recordings = request_.near_duplicates;
    const auto found = set_groups(out_.manifest, request_.data.groups, scenes, hooks_);
    for (std::size_t i = 0; i < out_.manifest.clips.size(); ++i) {
      // Scenes that were found are too fine to promise anything of new places.
      places_.push_back(out_.manifest.found_groups ? std::to_string(found->place_of[i])
                                                   : out_.manifest.clips[i].group);
    }
    out_.manifest = split(std::move(out_.manifest), hooks_);
    out_.leaks =
        find_known_leaks(out_.manifest, {}, request_.features.cache_dir, workers(), hooks_);
    tell_leaks(out_.leaks, out_.manifest, request_.refuse_leaks, hooks_);
  }

  void extract() {
    if (events_.on_extracting) events_.on_extracting();
    features_ = gather_features(out_.manifest, {Split::train, Split::validation, Split::test},
                                extract_options(), wants_faded(request_.head),
                                request_.head.most_in_memory, hooks_);
    list_own_files(outputs());
    dataset::write_csv(request_.output / run_files::manifest, out_.manifest);
    out_.extraction = features_.report;
    out_.settings = features_.settings;
    if (events_.on_features) events_.on_features(features_);
  }

  void train() {
    if (chooses_ensemble(request_.head)) {
      train::TrainOptions options = request_.head.options;
      options.seed = request_.seed;
      EnsembleChoice choice = choose_ensemble(out_.manifest, features_, options, hooks_);
      ensemble_ = std::move(choice.record);
      left_out_ = std::move(choice.left_out);
      if (events_.on_ensemble) events_.on_ensemble(*ensemble_);
    }
    for (int i = 0; i < request_.seeds; ++i) {
      const std::uint64_t seed = request_.seed + static_cast<std::uint64_t>(i);
      Scored chosen = train_and_score(request_.head, seed);
      Scored baseline = kind() == head::HeadKind::mean
                            ? chosen
                            : train_and_score(plain(head::HeadKind::mean), seed);
      if (request_.compare && kind() != head::HeadKind::keras_gru) {
        (void)train_and_score(plain(head::HeadKind::keras_gru), seed);
      }
      // By validation: the test clips must not choose.
      if (!kept_ || chosen.trained.val_loss < kept_->chosen.trained.val_loss) {
        kept_ = Kept{seed, std::move(chosen), std::move(baseline)};
      }
    }
    score_by_place();
  }

  void score_by_place() {
    std::optional<PlaceFolds> folds;
    std::optional<JoinedStreams> streams;
    if (request_.place_folds) {
      if (kept_->chosen.motion) {
        streams.emplace(out_.manifest, features_, left_out_, kept_->seed, workers(), hooks_);
        static_cast<void>(streams->join(kept_->chosen.trained));
      }
      folds = PlaceFolds{.options = options_of(request_.head, kept_->seed),
                         .streams = streams ? &*streams : nullptr};
    }
    out_.places = pipeline::score_by_place(out_.manifest, features_, answers_of_kept(), places_,
                                           kept_->seed, folds, hooks_);
  }

  void evaluate() {
    const Answers answers = answers_of_kept();
    write_predictions(request_.output / run_files::predictions, answers);
    report::EvaluationRecord& record = out_.evaluation;
    record.labels = answers.labels;
    record.verdict =
        evaluate::judge(answers.probabilities, answers.baseline, answers.truth, answers.groups);
    if (const auto& motion = kept_->chosen.motion) {
      tell_streams(record, kept_->chosen.answers, answers.probabilities, answers.truth,
                   motion->weights);
    }
    out_.seed = kept_->seed;
    if (events_.on_evaluated) events_.on_evaluated(record, out_.seed);
    out_.model = make_model(
        out_.manifest, features_, std::move(kept_->chosen.trained),
        std::move(kept_->baseline.trained.heads.at(0)),
        {.seed = out_.seed,
         .split = request_.split,
         .seen = seen_clips(out_.manifest, features_, request_.features.cache_dir, hooks_),
         .ensemble = ensemble_,
         .streams = kept_->chosen.streams});
    out_.model.motion = std::move(kept_->chosen.motion);
    record.model = request_.output / run_files::model;
    model::write(record.model, out_.model);
    record.unusable = out_.extraction.unusable;
    for (const auto& [of_kind, scores] : out_.heads) record.heads.push_back(scores.test);
    for (const HeadScores* scores : {&out_.appearance, &out_.motion}) {
      if (!scores->val_top1.empty()) record.heads.push_back(scores->test);
    }
    std::vector<std::string> warnings = out_.scan.warnings;
    if (!out_.leaks.empty()) warnings.push_back(leak_sentence(out_.leaks, out_.manifest));
    write_page({.file = request_.output / run_files::page,
                .answers = answers,
                .evaluation = record,
                .manifest = out_.manifest,
                .model = out_.model,
                .warnings = std::move(warnings),
                .leaks = out_.leaks.size(),
                .places = &out_.places,
                .threads = workers(),
                .command = request_.command,
                .limits = request_.features.limits},
               hooks_);
  }

  [[nodiscard]] head::HeadKind kind() const { return request_.head.options.spec.kind; }

  /// What was asked for is for the chosen head; those beside it keep their own recipes.
  [[nodiscard]] HeadRequest plain(head::HeadKind kind) const {
    HeadRequest head;
    head.options.spec.kind = kind;
    head.options.threads = request_.head.options.threads;
    return head;
  }

  [[nodiscard]] train::TrainOptions options_of(const HeadRequest& head, std::uint64_t seed) const {
    train::TrainOptions options = head.options;
    options.seed = seed;
    if (head.mixture) options.mixture = *head.mixture;
    if (ensemble_) options.mixture = ensemble_->mixture;
    return options;
  }

  Scored train_and_score(const HeadRequest& head, std::uint64_t seed) {
    const train::TrainOptions options = options_of(head, seed);
    const head::HeadKind kind = options.spec.kind;
    const std::size_t labels = out_.manifest.labels.size();
    Scored scored;
    scored.trained = train_on(features_, labels, options, refits(head),
                              {.progress = hooks_.progress, .cancel = hooks_.cancel});
    if (scored.trained.stopped) throw Cancelled();
    const train::LabelledFeatures& test = features_.of(Split::test).data;
    head::HeadRunner runner(scored.trained.heads, options.threads);
    scored.probabilities = probabilities_of(runner, *test.clips, labels);
    if (features_.settings.streams.motion && &head == &request_.head) join_motion(scored, seed);
    scored.metrics = evaluate::compute_metrics(scored.probabilities, test.labels);
    HeadScores& scores = out_.heads[kind];
    scores.test.name = head::to_string(kind);
    scores.test.seeds.push_back(scored.metrics);
    scores.val_top1.push_back(scored.trained.val_top1);
    return scored;
  }

  /// Makes the scores of a head those of both streams, and tells of each by itself.
  void join_motion(Scored& scored, std::uint64_t seed) {
    JoinedStreams streams(out_.manifest, features_, left_out_, seed, workers(), hooks_);
    scored.streams = streams.join(scored.trained);
    scored.motion = streams.fit(scored.trained.refitted);
    if (events_.on_streams) events_.on_streams(*scored.streams, scored.motion->weights);
    const SplitFeatures& test = features_.of(Split::test);
    Tensor motion = motion_probabilities(*scored.motion, *test.motion, workers());
    const auto tell = [&](HeadScores& scores, const char* name, const Tensor& probabilities,
                          double val_top1) {
      scores.test.name = name;
      scores.test.seeds.push_back(evaluate::compute_metrics(probabilities, test.data.labels));
      scores.val_top1.push_back(val_top1);
    };
    tell(out_.appearance, "appearance alone", scored.probabilities,
         scored.streams->appearance_val_top1);
    tell(out_.motion, "motion alone", motion, scored.streams->motion_val_top1);
    scored.answers = {.appearance = std::move(scored.probabilities),
                      .motion = std::move(motion),
                      .novelty = novelty_of(*scored.motion, *test.data.clips, workers())};
    scored.probabilities =
        train::joined_probabilities(scored.answers.appearance, scored.answers.motion,
                                    scored.motion->weights, scored.answers.novelty);
  }

  [[nodiscard]] Answers answers_of_kept() const {
    const SplitFeatures& test = features_.of(Split::test);
    Answers answers;
    answers.labels = out_.manifest.labels;
    answers.truth = test.data.labels;
    answers.probabilities = kept_->chosen.probabilities;
    answers.baseline = kept_->baseline.probabilities;
    for (const std::size_t clip : test.clips) {
      answers.clips.push_back(out_.manifest.clips[clip].source());
      answers.groups.push_back(out_.manifest.clips[clip].group);
    }
    return answers;
  }

  const RunRequest& request_;
  const Hooks& hooks_;
  const RunEvents& events_;
  RunOutcome out_;
  DataFeatures features_;
  std::optional<model::EnsembleRecord> ensemble_;
  LeftOutAnswers left_out_;  // of heads as ensemble_ has them
  std::optional<Kept> kept_;
  std::vector<std::string> places_;  // of each clip; empty where it is not known
};

}  // namespace

RunOutcome run(const RunRequest& request, const Hooks& hooks, const RunEvents& events) {
  check(request);
  return Running(request, hooks, events).run();
}

}  // namespace vidclass::pipeline
