#include "pipeline/evaluate.hpp"

#include <algorithm>
#include <optional>
#include <system_error>

#include "core/format.hpp"
#include "core/parallel.hpp"
#include "core/unicode.hpp"
#include "dataset/scan.hpp"
#include "pipeline/content.hpp"
#include "pipeline/gather.hpp"
#include "pipeline/leaks.hpp"
#include "pipeline/make_model.hpp"
#include "pipeline/seen_clips.hpp"
#include "pipeline/stream_scores.hpp"
#include "vidclass/error.hpp"

namespace vidclass::pipeline {
namespace {

namespace fs = std::filesystem;
using dataset::Split;

/// What one model says of the chosen clips, one result each.
struct ModelResults {
  model::Model model;
  std::vector<classify::ClipResult> clips;
};

/// Where each of `labels` stands among the model's; case and Unicode form matter only where they
/// tell two apart. Throws UsageError for an unknown one.
std::vector<std::size_t> places_of(const std::vector<std::string>& labels,
                                   const model::Model& model, const std::string& source,
                                   const fs::path& file) {
  std::vector<std::size_t> places;
  for (const std::string& label : labels) {
    auto found = std::find(model.labels.begin(), model.labels.end(), label);
    if (found == model.labels.end()) {
      found = std::find_if(model.labels.begin(), model.labels.end(),
                           [&](const auto& other) { return folded(other) == folded(label); });
    }
    if (found == model.labels.end()) {
      throw UsageError(
          format("the label \"{}\" of {} is unknown to {}, which was trained for {} "
                 "labels, \"{}\" among them",
                 label, source, file.string(), model.labels.size(), model.labels.front()));
    }
    places.push_back(static_cast<std::size_t>(found - model.labels.begin()));
  }
  return places;
}

Tensor to_tensor(const std::vector<std::vector<float>>& rows) {
  std::vector<float> values;
  for (const auto& row : rows) values.insert(values.end(), row.begin(), row.end());
  return Tensor::from<float>({rows.size(), rows.at(0).size()}, values);
}

bool same_split(const model::Model& a, const model::Model& b) {
  const dataset::SplitOptions x = split_options_of(a);
  const dataset::SplitOptions y = split_options_of(b);
  return x.seed == y.seed && x.validation == y.validation && x.test == y.test;
}

/// A request at work.
class Evaluating {
public:
  Evaluating(const EvaluateRequest& request, const Hooks& hooks)
      : request_(request), hooks_(hooks), manifest_(open_data(request.data, hooks)) {
    others_ = request.also;
    if (!request.against.empty()) others_.insert(others_.begin(), request.against);
    InputFiles inputs = files_of(request.data, manifest_);
    inputs.add(request.model);
    for (const fs::path& file : others_) inputs.add(file);
    for (const fs::path& output : {request.predictions, request.report}) {
      std::error_code error;
      if (fs::is_directory(output, error)) {
        throw UsageError(format("{} is a folder; name the file to write", output.string()));
      }
      inputs.refuse(output, request.overwrite);
    }
  }

  EvaluateOutcome run() {
    choose(model::read(request_.model));
    find_leaks();
    for (const fs::path& file : others_) add_other(file);
    EvaluateOutcome outcome;
    collect(outcome);
    judge(outcome);
    write(outcome);
    return outcome;
  }

private:
  void warn(const std::string& what) {
    hooks_.warn(what);
    warnings_.push_back(what);
  }

  /// The clips to score, and what the model itself says of them.
  void choose(model::Model model) {
    split_was_given_ = manifest_.has(Split::test);
    require_fit(model, request_.model, manifest_);
    label_map_ = places_of(manifest_.labels, model, request_.data.data.string(), request_.model);
    choice_ = choose_clips(manifest_, model, request_.split, request_.classifier.cache_dir, hooks_);
    if (request_.split == "val" && was_refitted(model)) {
      choice_.notes.emplace_back(
          "the model was trained again on these validation clips, so their score is too high; the "
          "score from before is in the model file");
    }
    for (const std::string& note : choice_.notes) warn(note);
    tell_exposure(request_.model, choice_.exposure);
    for (const std::size_t clip : choice_.clips) sources_.push_back(manifest_.clips[clip].source());
    pending_ = std::move(model);
  }

  void find_leaks() {
    leaks_ = find_known_leaks(
        manifest_,
        request_.split == "all" ? std::nullopt : std::optional(dataset::split_from(request_.split)),
        request_.classifier.cache_dir, thread_count(request_.classifier.threads), hooks_);
    auto untold = leaks_;
    if (!choice_.exposure.none()) {
      // The exposure tells of these.
      std::erase_if(untold, [](const dataset::Leak& leak) {
        return leak.kind == dataset::LeakKind::same_content;
      });
    }
    tell_leaks(untold, manifest_, request_.refuse_leaks, hooks_);
    if (!untold.empty()) warnings_.push_back(leak_sentence(untold, manifest_));
    results_.push_back(score(*std::move(pending_), request_.model, {}));
  }

  void add_other(const fs::path& file) {
    model::Model other = model::read(file);
    require_fit(other, file, manifest_);
    if (!other.seen.train.empty()) {
      tell_exposure(file, exposure_of(manifest_, choice_.clips, other,
                                      request_.classifier.cache_dir, hooks_));
    } else if (!split_was_given_ && request_.split != "all" &&
               !same_split(results_.front().model, other)) {
      hooks_.warn(format(
          "{} was trained on another made split than {}: some of these clips may be among those "
          "that it was trained on",
          file.string(), request_.model.string()));
    }
    results_.push_back(score(std::move(other), file, results_.front().model.labels));
  }

  /// A score on clips that were trained on is worth nothing.
  void tell_exposure(const fs::path& file, const Exposure& exposure) {
    if (exposure.none()) return;
    const std::string what = format(
        "{} of {} clips to test on have the content of clips that {} was trained on ({}) or "
        "validated on ({})",
        exposure.trained_on + exposure.validated_on, choice_.clips.size(), file.string(),
        exposure.trained_on, exposure.validated_on);
    if (request_.refuse_leaks) throw Error(what);
    warn(what);
  }

  /// `order`: the labels in whose order the probabilities are wanted; empty: the model's.
  ModelResults score(model::Model model, const fs::path& file,
                     const std::vector<std::string>& order) const {
    std::vector<std::size_t> places;
    if (!order.empty()) {
      places = places_of(order, model, request_.model.string(), file);
      if (model.labels.size() != order.size()) {
        throw UsageError(format("{} was trained for {} labels, but {} for {}", file.string(),
                                model.labels.size(), request_.model.string(), order.size()));
      }
    }
    classify::Classifier classifier(std::move(model), request_.classifier, hooks_.progress,
                                    hooks_.cancel);
    ModelResults results;
    results.clips = classifier.classify(sources_, hooks_.progress, hooks_.cancel);
    results.model = classifier.model();
    if (places.empty()) return results;
    for (classify::ClipResult& clip : results.clips) {
      if (!clip.error.empty()) continue;
      // The streams of other models are not told of.
      std::vector<float> ordered;
      for (const std::size_t place : places) ordered.push_back(clip.probabilities[place]);
      clip.probabilities = std::move(ordered);
    }
    return results;
  }

  /// The answers on clips that all models can use. They may differ in how they take their frames,
  /// and so in what they can use.
  void collect(EvaluateOutcome& outcome) {
    Answers& answers = outcome.answers;
    answers.labels = results_.front().model.labels;
    probabilities_.resize(results_.size());
    std::vector<std::vector<float>> baseline, appearance, motion;
    std::vector<double> novelty;
    for (std::size_t i = 0; i < sources_.size(); ++i) {
      const auto failed =
          std::find_if(results_.begin(), results_.end(),
                       [&](const ModelResults& each) { return !each.clips[i].error.empty(); });
      if (failed != results_.end()) {
        outcome.record.unusable.push_back({failed->clips[i].path, failed->clips[i].error});
        continue;
      }
      const dataset::Clip& clip = manifest_.clips[choice_.clips[i]];
      answers.clips.push_back(sources_[i]);
      answers.truth.push_back(label_map_[clip.label]);
      answers.groups.push_back(clip.group);
      const classify::ClipResult& of_model = results_.front().clips[i];
      baseline.push_back(of_model.baseline);
      appearance.push_back(of_model.appearance);
      motion.push_back(of_model.motion);
      novelty.push_back(of_model.novelty);
      for (std::size_t m = 0; m < results_.size(); ++m) {
        probabilities_[m].push_back(results_[m].clips[i].probabilities);
      }
    }
    tell_unusable(outcome.record.unusable, hooks_);
    if (answers.truth.empty()) {
      throw Error(format("{}: no clip is usable", request_.data.data.string()));
    }
    answers.probabilities = to_tensor(probabilities_[0]);
    answers.baseline = to_tensor(baseline);
    streams_ = {.appearance = to_tensor(appearance),
                .motion = to_tensor(motion),
                .novelty = std::move(novelty)};
  }

  void judge(EvaluateOutcome& outcome) const {
    const Answers& answers = outcome.answers;
    report::EvaluationRecord& record = outcome.record;
    record.labels = answers.labels;
    record.verdict =
        evaluate::judge(answers.probabilities, answers.baseline, answers.truth, answers.groups);
    evaluate::SeedScores all{request_.model.string(), {record.verdict.model.metrics}};
    std::size_t next = 1;
    if (!request_.against.empty()) {
      record.verdict.comparisons.push_back(
          evaluate::compare(answers.probabilities, to_tensor(probabilities_[next++]), answers.truth,
                            request_.against.string()));
    }
    if (const auto& motion = results_.front().model.motion) {
      tell_streams(record, streams_, answers.probabilities, answers.truth, motion->weights);
    }
    for (; next < results_.size(); ++next) {
      all.seeds.push_back(
          evaluate::compute_metrics(to_tensor(probabilities_[next]), answers.truth));
    }
    if (!request_.also.empty()) record.heads.push_back(std::move(all));
    record.leaks = leaks_.size();
    record.split = request_.split;
    record.trained_on = choice_.exposure.trained_on;
    record.validated_on = choice_.exposure.validated_on;
    record.model = request_.model;
  }

  void write(EvaluateOutcome& outcome) {
    if (!request_.predictions.empty()) write_predictions(request_.predictions, outcome.answers);
    const int threads = thread_count(request_.classifier.threads);
    if (!request_.report.empty()) {
      const auto scan = dataset::scan(manifest_,
                                      {.threads = threads,
                                       .cache_dir = request_.classifier.cache_dir,
                                       .limits = request_.classifier.limits},
                                      hooks_.progress, hooks_.cancel);
      warnings_.insert(warnings_.end(), scan.warnings.begin(), scan.warnings.end());
      write_page({.file = request_.report,
                  .answers = outcome.answers,
                  .evaluation = outcome.record,
                  .manifest = manifest_,
                  .model = results_.front().model,
                  .warnings = warnings_,
                  .leaks = leaks_.size(),
                  .sequences = request_.classifier.clips,
                  .threads = threads,
                  .command = request_.command,
                  .limits = request_.classifier.limits},
                 hooks_);
    }
    outcome.warnings = warnings_;
  }

  const EvaluateRequest& request_;
  const Hooks& hooks_;
  dataset::Manifest manifest_;
  std::vector<fs::path> others_;
  bool split_was_given_ = false;
  std::vector<std::size_t> label_map_;
  ChosenClips choice_;
  std::vector<video::ClipSource> sources_;
  std::vector<dataset::Leak> leaks_;
  std::optional<model::Model> pending_;  // the model, until it has answered
  std::vector<ModelResults> results_;
  std::vector<std::vector<std::vector<float>>> probabilities_;  // [models][clips][L]
  StreamAnswers streams_;  // of the model; without labels where it has appearance alone
  std::vector<std::string> warnings_;
};

}  // namespace

EvaluateOutcome evaluate(const EvaluateRequest& request, const Hooks& hooks) {
  return Evaluating(request, hooks).run();
}

}  // namespace vidclass::pipeline
