#include <algorithm>

#include "cli/data_job.hpp"
#include "cli/options.hpp"
#include "cli/predictions.hpp"
#include "cli/score.hpp"
#include "cli/train_job.hpp"
#include "cli/verb.hpp"
#include "core/format.hpp"
#include "vidclass/classify/classifier.hpp"
#include "vidclass/core/error.hpp"
#include "vidclass/core/log.hpp"
#include "vidclass/dataset/split.hpp"
#include "vidclass/evaluate/metrics.hpp"

namespace vidclass::cli {
namespace {

class Evaluate : public Verb {
public:
  void setup(CLI::App& app) override {
    app.add_option("MODEL", model_, "a model file")->required();
    data_.setup(app);
    machine_.setup(app);
    add_precision_option(app, precision_);
    app.add_option("--split", split_, "which clips: train, val, test or all")
        ->capture_default_str();
    app.add_option("--predictions", predictions_, "write each clip's probabilities as a CSV");
  }

  int run(const Context& context) override {
    model::Model model = model::read(model_);
    dataset::Manifest manifest = data_.open();
    const std::vector<std::size_t> chosen = choose(manifest, model);
    const std::vector<std::size_t> label_map = match_labels(manifest, model);

    std::vector<video::ClipSource> sources;
    for (const std::size_t clip : chosen) sources.push_back(manifest.clips[clip].source());
    classify::Classifier classifier(std::move(model),
                                    {.precision = backbone::precision_from(precision_),
                                     .threads = machine_.threads,
                                     .cache_dir = machine_.feature_cache(),
                                     .compiled_cache = machine_.compiled_cache()},
                                    context.progress, context.cancel);
    const auto results = classifier.classify(sources, context.progress, context.cancel);
    const std::vector<std::string>& labels = classifier.model().labels;

    std::vector<std::size_t> truth;
    std::vector<UnusableClip> unusable;
    std::vector<float> of_model;
    std::vector<float> of_baseline;
    std::vector<PredictionRow> rows;
    for (std::size_t i = 0; i < results.size(); ++i) {
      const auto& result = results[i];
      if (!result.error.empty()) {
        unusable.push_back({result.path, result.error});
        continue;
      }
      truth.push_back(label_map[manifest.clips[chosen[i]].label]);
      of_model.insert(of_model.end(), result.probabilities.begin(), result.probabilities.end());
      of_baseline.insert(of_baseline.end(), result.baseline.begin(), result.baseline.end());
      rows.push_back({result.path, truth.back(), result.probabilities});
    }
    log_unusable(unusable);
    if (truth.empty()) throw Error(format("{}: no clip is usable", data_.data.string()));

    const Shape shape{truth.size(), labels.size()};
    const auto metrics = evaluate::compute_metrics(Tensor::from<float>(shape, of_model), truth);
    const auto baseline = evaluate::compute_metrics(Tensor::from<float>(shape, of_baseline), truth);
    const double majority = evaluate::majority_share(truth, labels.size());
    if (!predictions_.empty()) write_predictions(predictions_, rows, labels);

    Json document = to_json(metrics);
    document["clips"] = metrics.clips;
    document["unusable"] = to_json(unusable);
    document["labels"] = labels;
    document["confusion"] = metrics.confusion;
    document["baseline"] = to_json(baseline);
    document["chance"] = 1.0 / static_cast<double>(labels.size());
    document["majority"] = majority;
    document["split"] = split_;
    document["model"] = model_.string();
    context.print(format(
        "{} clips ({}): top-1 {:.1f} %, top-5 {:.1f} %, mean class accuracy {:.1f} %, loss {:.3f}\n"
        "mean-pool baseline: top-1 {:.1f} %; always the most frequent label: {:.1f} %; chance: "
        "{:.1f} %\n{}",
        metrics.clips, split_, metrics.top1 * 100, metrics.top5 * 100,
        metrics.mean_class_accuracy * 100, metrics.loss, baseline.top1 * 100, majority * 100,
        100.0 / static_cast<double>(labels.size()), class_table(metrics, labels)));
    context.print_json(document);
    return status_for(unusable);
  }

private:
  [[nodiscard]] std::vector<std::size_t> choose(dataset::Manifest& manifest,
                                                const model::Model& model) const {
    std::vector<std::size_t> chosen;
    if (split_ == "all") {
      for (std::size_t i = 0; i < manifest.clips.size(); ++i) chosen.push_back(i);
      return chosen;
    }
    const dataset::Split split = dataset::split_from(split_);
    // Splits are made again as the model's training made them.
    const SplitFacts facts = split_facts(model);
    dataset::make_splits(manifest,
                         {.validation = facts.validation, .test = facts.test, .seed = facts.seed});
    chosen = manifest.indices(split);
    if (chosen.empty()) {
      throw UsageError(format("{} has no clip in the split \"{}\"; --split all takes every clip",
                              data_.data.string(), split_));
    }
    return chosen;
  }

  /// The data's label indices as the model's.
  [[nodiscard]] std::vector<std::size_t> match_labels(const dataset::Manifest& manifest,
                                                      const model::Model& model) const {
    std::vector<std::size_t> map;
    for (const std::string& label : manifest.labels) {
      const auto found = std::find(model.labels.begin(), model.labels.end(), label);
      if (found == model.labels.end()) {
        throw UsageError(
            format("the label \"{}\" of {} is unknown to {}, which was trained for {} "
                   "labels, \"{}\" among them",
                   label, data_.data.string(), model_.string(), model.labels.size(),
                   model.labels.front()));
      }
      map.push_back(static_cast<std::size_t>(found - model.labels.begin()));
    }
    return map;
  }

  std::filesystem::path model_;
  DataOptions data_;
  MachineOptions machine_;
  std::string precision_ = "auto";
  std::string split_ = "test";
  std::filesystem::path predictions_;
};

}  // namespace

std::unique_ptr<Verb> make_evaluate() { return std::make_unique<Evaluate>(); }

}  // namespace vidclass::cli
