#include <algorithm>

#include "classify/classifier.hpp"
#include "cli/classifier_flags.hpp"
#include "cli/content.hpp"
#include "cli/data_job.hpp"
#include "cli/evaluation_page.hpp"
#include "cli/leak_job.hpp"
#include "cli/options.hpp"
#include "cli/predictions.hpp"
#include "cli/score.hpp"
#include "cli/seen_clips.hpp"
#include "cli/train_job.hpp"
#include "cli/verb.hpp"
#include "cli/verdict.hpp"
#include "core/format.hpp"
#include "core/log.hpp"
#include "core/text.hpp"
#include "dataset/scan.hpp"
#include "vidclass/error.hpp"

namespace vidclass::cli {
namespace {

/// What one model says of the chosen clips, one result each, with its probabilities in
/// the order of `labels`.
struct ModelResults {
  model::Model model;
  std::vector<classify::ClipResult> clips;
};

/// Where each of `labels` stands among the model's. Throws UsageError for an unknown one.
std::vector<std::size_t> places_of(const std::vector<std::string>& labels,
                                   const model::Model& model, const std::string& source,
                                   const std::filesystem::path& file) {
  std::vector<std::size_t> places;
  for (const std::string& label : labels) {
    const auto found = std::find(model.labels.begin(), model.labels.end(), label);
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

class Evaluate : public Verb {
public:
  void setup(CLI::App& app) override {
    app.add_option("MODEL", model_, "a model file")->required();
    data_.setup(app);
    machine_.setup(app);
    classifier_.setup(app);
    add_clips_option(app, clips_per_clip_);
    leaks_.setup(app);
    app.add_option("--split", split_, "which clips: train, val, test or all")
        ->capture_default_str();
    app.add_option("--predictions", predictions_, "write each clip's probabilities as a CSV");
    app.add_option("--report", report_, "write a page with everything: one HTML file");
    app.add_option("--against", against_,
                   "another model, compared on the same clips by McNemar's test");
    app.add_option("--also", also_,
                   "models of the same kind from other seeds: mean and deviation over all")
        ->allow_extra_args(false);
  }

  int run(const Context& context) override {
    model::Model model = model::read(model_);
    dataset::Manifest manifest = data_.open();
    InputFiles inputs = data_.files_of(manifest);
    inputs.add(model_);
    for (const std::filesystem::path& file : other_files()) inputs.add(file);
    for (const std::filesystem::path& output : {predictions_, report_}) inputs.refuse(output);
    const bool split_was_given = manifest.has(dataset::Split::test);
    require_fit(model, model_, manifest);
    const std::string source = data_.data.string();
    const std::vector<std::size_t> label_map = places_of(manifest.labels, model, source, model_);
    ChosenClips choice = choose_clips(manifest, model, split_, machine_.feature_cache(), context);
    if (split_ == "val" && was_refitted(model)) {
      choice.notes.emplace_back(
          "the model was trained again on these validation clips, so their score is too high; the "
          "score from before is in the model file");
    }
    for (const std::string& note : choice.notes) log_warning(note);
    const std::vector<std::size_t>& chosen = choice.clips;
    std::vector<std::string> warnings = choice.notes;
    tell_of_leak(model_, choice.exposure, chosen.size(), warnings);
    const auto leaks = find_known_leaks(
        manifest, split_ == "all" ? std::nullopt : std::optional(dataset::split_from(split_)),
        machine_, context);
    auto untold = leaks;
    if (!choice.exposure.none()) {
      // The exposure tells of these.
      std::erase_if(untold, [](const dataset::Leak& leak) {
        return leak.kind == dataset::LeakKind::same_content;
      });
    }
    warn_of_leaks(untold, manifest, leaks_);
    if (!untold.empty()) warnings.push_back(leak_sentence(untold, manifest));

    std::vector<video::ClipSource> sources;
    for (const std::size_t clip : chosen) sources.push_back(manifest.clips[clip].source());
    std::vector<ModelResults> results;
    results.push_back(score(std::move(model), model_, sources, {}, context));
    for (const std::filesystem::path& file : other_files()) {
      model::Model other = model::read(file);
      require_fit(other, file, manifest);
      if (!other.seen.train.empty()) {
        tell_of_leak(file, exposure_of(manifest, chosen, other, machine_.feature_cache(), context),
                     chosen.size(), warnings);
      } else if (!split_was_given && split_ != "all" && !same_split(results.front().model, other)) {
        log_warning(
            format("{} was trained on another made split than {}: some of these clips may "
                   "be among those that it was trained on",
                   file.string(), model_.string()));
      }
      results.push_back(
          score(std::move(other), file, sources, results.front().model.labels, context));
    }

    std::vector<UnusableClip> unusable;
    Answers answers;
    answers.labels = results.front().model.labels;
    std::vector<std::vector<std::vector<float>>> probabilities(results.size());
    std::vector<std::vector<float>> baseline;
    for (std::size_t i = 0; i < chosen.size(); ++i) {
      // Models may differ in how they take their frames, and so in what they can use.
      const auto failed =
          std::find_if(results.begin(), results.end(),
                       [&](const ModelResults& each) { return !each.clips[i].error.empty(); });
      if (failed != results.end()) {
        unusable.push_back({failed->clips[i].path, failed->clips[i].error});
        continue;
      }
      const dataset::Clip& clip = manifest.clips[chosen[i]];
      answers.clips.push_back(sources[i]);
      answers.truth.push_back(label_map[clip.label]);
      answers.groups.push_back(clip.group);
      baseline.push_back(results.front().clips[i].baseline);
      for (std::size_t m = 0; m < results.size(); ++m) {
        probabilities[m].push_back(results[m].clips[i].probabilities);
      }
    }
    log_unusable(unusable);
    if (answers.truth.empty()) throw Error(format("{}: no clip is usable", source));
    answers.probabilities = to_tensor(probabilities[0]);
    answers.baseline = to_tensor(baseline);

    Verdict verdict = judge(answers);
    SeedScores all{model_.string(), {verdict.model.metrics}};
    std::size_t next = 1;
    if (!against_.empty()) {
      verdict.contests.push_back(
          contest(answers, against_.string(), to_tensor(probabilities[next++])));
    }
    for (; next < results.size(); ++next) {
      all.seeds.push_back(evaluate::compute_metrics(to_tensor(probabilities[next]), answers.truth));
    }

    if (!predictions_.empty()) {
      std::vector<PredictionRow> rows;
      for (std::size_t i = 0; i < answers.clips.size(); ++i) {
        rows.push_back({answers.clips[i].path, answers.truth[i], probabilities[0][i]});
      }
      write_predictions(predictions_, rows, answers.labels);
    }
    Json document = to_json(verdict, answers.labels);
    document["leaks"] = leaks.size();
    document["unusable"] = to_json(unusable);
    document["split"] = split_;
    document["trained_on"] = choice.exposure.trained_on;
    document["validated_on"] = choice.exposure.validated_on;
    document["model"] = model_.string();
    document["heads"] = Json::array();
    if (!also_.empty()) document["heads"].push_back(to_json(all));
    context.print(format("{} ({}): {}{}{}", counted(verdict.model.metrics.clips, "clip"), split_,
                         headline(verdict), also_.empty() ? "" : seeds_line(document["heads"][0]),
                         class_table(verdict.model.metrics, answers.labels)));
    if (!report_.empty()) {
      const auto scan = dataset::scan(manifest,
                                      {.threads = machine_.workers(),
                                       .cache_dir = machine_.feature_cache(),
                                       .limits = machine_.limits},
                                      context.progress, context.cancel);
      warnings.insert(warnings.end(), scan.warnings.begin(), scan.warnings.end());
      write_page({.file = report_,
                  .answers = answers,
                  .evaluation = document,
                  .manifest = manifest,
                  .model = results.front().model,
                  .warnings = warnings,
                  .leaks = leaks.size(),
                  .sequences = clips_per_clip_,
                  .threads = machine_.workers()},
                 context);
      context.print(format("the page: {}\n", report_.string()));
    }
    context.print_json(document);
    return status_for(unusable);
  }

private:
  [[nodiscard]] std::vector<std::filesystem::path> other_files() const {
    std::vector<std::filesystem::path> files;
    if (!against_.empty()) files.push_back(against_);
    files.insert(files.end(), also_.begin(), also_.end());
    return files;
  }

  static bool same_split(const model::Model& a, const model::Model& b) {
    const SplitFacts x = split_facts(a);
    const SplitFacts y = split_facts(b);
    return x.seed == y.seed && x.validation == y.validation && x.test == y.test;
  }

  /// `order`: the labels in whose order the probabilities are wanted; empty: the model's.
  ModelResults score(model::Model model, const std::filesystem::path& file,
                     const std::vector<video::ClipSource>& sources,
                     const std::vector<std::string>& order, const Context& context) const {
    std::vector<std::size_t> places;
    if (!order.empty()) {
      places = places_of(order, model, model_.string(), file);
      if (model.labels.size() != order.size()) {
        throw UsageError(format("{} was trained for {} labels, but {} for {}", file.string(),
                                model.labels.size(), model_.string(), order.size()));
      }
    }
    classify::ClassifierOptions options = classifier_.options(machine_);
    options.cache_dir = machine_.feature_cache();
    options.clips = clips_per_clip_;
    classify::Classifier classifier(std::move(model), options, context.progress, context.cancel);
    ModelResults results;
    results.clips = classifier.classify(sources, context.progress, context.cancel);
    results.model = classifier.model();
    if (places.empty()) return results;
    for (classify::ClipResult& clip : results.clips) {
      if (!clip.error.empty()) continue;
      std::vector<float> ordered;
      for (const std::size_t place : places) ordered.push_back(clip.probabilities[place]);
      clip.probabilities = std::move(ordered);
    }
    return results;
  }

  static std::string seeds_line(const Json& scores) {
    const auto part = [&](const char* key) {
      return format("{:.1f} % ± {:.1f}", scores.at(key).at("mean").get<double>() * 100,
                    scores.at(key).at("deviation").get<double>() * 100);
    };
    return format("mean and deviation of {} models: top-1 {}, top-5 {}, mean class accuracy {}\n",
                  scores.at("top1").at("values").size(), part("top1"), part("top5"),
                  part("mean_class_accuracy"));
  }

  /// A score on clips that were trained on is worth nothing.
  void tell_of_leak(const std::filesystem::path& file, const Exposure& exposure, std::size_t clips,
                    std::vector<std::string>& warnings) const {
    if (exposure.none()) return;
    const std::string what = format(
        "{} of {} clips to test on have the content of clips that {} was trained on ({}) or "
        "validated on ({})",
        exposure.trained_on + exposure.validated_on, clips, file.string(), exposure.trained_on,
        exposure.validated_on);
    if (leaks_.fail) throw Error(what);
    log_warning(what);
    warnings.push_back(what);
  }

  std::filesystem::path model_;
  DataOptions data_;
  MachineOptions machine_;
  LeakOptions leaks_;
  ClassifierFlags classifier_;
  int clips_per_clip_ = 1;
  std::string split_ = "test";
  std::filesystem::path predictions_;
  std::filesystem::path report_;
  std::filesystem::path against_;
  std::vector<std::filesystem::path> also_;
};

}  // namespace

std::unique_ptr<Verb> make_evaluate() { return std::make_unique<Evaluate>(); }

}  // namespace vidclass::cli
