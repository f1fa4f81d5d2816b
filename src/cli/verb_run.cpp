#include <algorithm>
#include <map>
#include <system_error>

#include "cli/data_job.hpp"
#include "cli/options.hpp"
#include "cli/predictions.hpp"
#include "cli/score.hpp"
#include "cli/train_job.hpp"
#include "cli/verb.hpp"
#include "core/format.hpp"
#include "vidclass/core/atomic_file.hpp"
#include "vidclass/core/error.hpp"
#include "vidclass/core/log.hpp"
#include "vidclass/dataset/scan.hpp"
#include "vidclass/dataset/split.hpp"
#include "vidclass/evaluate/metrics.hpp"
#include "vidclass/head/runner.hpp"

namespace vidclass::cli {
namespace {

using dataset::Split;

/// One kind of head over all seeds.
struct HeadScores {
  std::vector<double> test_top1;
  std::vector<double> val_top1;
};

class Run : public Verb {
public:
  void setup(CLI::App& app) override {
    data_.setup(app);
    machine_.setup(app);
    features_.setup(app);
    head_.setup(app);
    app.add_option("-o,--output", output_,
                   "folder for model.safetensors, evaluation.json, predictions.csv, manifest.csv")
        ->required();
    add_seed_option(app, seed_, "of the made split and of the training");
    app.add_option("--seeds", seeds_, "trainings from this many seeds, for mean and deviation")
        ->capture_default_str()
        ->check(CLI::Range(1, 100));
    app.add_flag("--no-compare", no_compare_,
                 "train the chosen head and the mean-pool baseline only");
  }

  int run(const Context& context) override {
    const head::HeadKind kind = head::head_kind_from(head_.head);
    const features::ExtractOptions extract_options = features_.extract_options(machine_);
    std::error_code error;
    if (std::filesystem::exists(output_, error) && !std::filesystem::is_directory(output_, error)) {
      throw UsageError(format("{} is not a folder; name one to write into", output_.string()));
    }
    dataset::Manifest manifest = data_.open();
    context.print("1. scan\n");
    const auto scan = scan_data(manifest, context);
    const dataset::SplitOptions split{.seed = seed_};
    dataset::make_splits(manifest, split);

    context.print("2. extract\n");
    const TrainLibrary library;
    const DataFeatures features = gather_features(
        manifest, {Split::train, Split::validation, Split::test}, extract_options, context);
    dataset::write_csv(output_ / "manifest.csv", manifest);
    context.print("  " + summary(features.report, features.settings) + "\n");

    context.print(format(
        "3. train: {} clips, {} to validate, {} to test\n", features.of(Split::train).clips.size(),
        features.of(Split::validation).clips.size(), features.of(Split::test).clips.size()));
    std::map<head::HeadKind, HeadScores> scores;
    Json train_document;
    Json evaluation;
    for (int i = 0; i < seeds_; ++i) {
      const std::uint64_t seed = seed_ + static_cast<std::uint64_t>(i);
      auto chosen = train_and_score(library, kind, seed, manifest, features, scores, context);
      auto baseline = kind == head::HeadKind::mean
                          ? chosen
                          : train_and_score(library, head::HeadKind::mean, seed, manifest, features,
                                            scores, context);
      if (!no_compare_ && kind != head::HeadKind::keras_gru) {
        (void)train_and_score(library, head::HeadKind::keras_gru, seed, manifest, features, scores,
                              context);
      }
      if (i > 0) continue;
      train_document = train_summary(chosen.trained, seed);
      evaluation = report(manifest, features, chosen, baseline, context);
      model::write(model_path(), make_model(manifest, features, std::move(chosen.trained),
                                            std::move(baseline.trained.heads.at(0)),
                                            {split.seed, split.validation, split.test}, seed));
    }
    train_document["model"] = model_path().string();
    evaluation["unusable"] = to_json(features.report.unusable);

    Json heads = Json::object();
    context.print(comparison(kind, scores, manifest, features, heads));
    Json document{{"scan", scan},
                  {"extract", to_json(features.report, features.settings)},
                  {"train", train_document},
                  {"evaluate", evaluation},
                  {"heads", heads}};
    write_file_atomically(output_ / "evaluation.json",
                          document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
    context.print(format("the model: {}\n", model_path().string()));
    context.print_json(document);
    return status_for(features.report.unusable);
  }

private:
  struct Scored {
    train::TrainResult trained;
    Tensor probabilities;  // of the test clips
    evaluate::Metrics metrics;
  };

  [[nodiscard]] std::filesystem::path model_path() const { return output_ / "model.safetensors"; }

  Json scan_data(const dataset::Manifest& manifest, const Context& context) const {
    const auto report =
        dataset::scan(manifest, machine_.workers(), context.progress, context.cancel);
    for (const std::string& warning : report.warnings) log_warning(warning);
    context.print(format("  {} clips, {} classes, {}\n", report.clips, report.classes.size(),
                         dataset::to_string(manifest.layout)));
    return {{"layout", dataset::to_string(manifest.layout)},
            {"clips", report.clips},
            {"classes", report.classes.size()},
            {"warnings", report.warnings}};
  }

  Scored train_and_score(const TrainLibrary& library, head::HeadKind kind, std::uint64_t seed,
                         const dataset::Manifest& manifest, const DataFeatures& features,
                         std::map<head::HeadKind, HeadScores>& scores,
                         const Context& context) const {
    // The options of the command line are for the chosen head; those beside it
    // keep their own recipes.
    const HeadOptions options = head::to_string(kind) == head_.head ? head_ : HeadOptions{};
    Scored scored;
    scored.trained = library.train_heads(
        features.of(Split::train).data, features.of(Split::validation).data,
        options.train_options(kind, seed, features, manifest.labels.size(), machine_.threads),
        context.progress, context.cancel);
    const train::LabelledFeatures& test = features.of(Split::test).data;
    head::HeadRunner runner(scored.trained.heads, machine_.threads);
    scored.probabilities = runner.probabilities(test.clips);
    scored.metrics = evaluate::compute_metrics(scored.probabilities, test.labels);
    scores[kind].test_top1.push_back(scored.metrics.top1);
    scores[kind].val_top1.push_back(scored.trained.val_top1);
    return scored;
  }

  Json report(const dataset::Manifest& manifest, const DataFeatures& features, const Scored& chosen,
              const Scored& baseline, const Context& context) const {
    const auto& test = features.of(Split::test);
    std::vector<PredictionRow> rows;
    for (std::size_t i = 0; i < test.clips.size(); ++i) {
      const auto values = chosen.probabilities.data<float>().subspan(i * manifest.labels.size(),
                                                                     manifest.labels.size());
      rows.push_back({manifest.clips[test.clips[i]].path,
                      test.data.labels[i],
                      {values.begin(), values.end()}});
    }
    write_predictions(output_ / "predictions.csv", rows, manifest.labels);
    context.print(
        format("4. evaluate on the test clips (seed {})\n  top-1 {:.1f} %, top-5 {:.1f} "
               "%, mean class accuracy {:.1f} %, loss {:.3f}\n{}",
               seed_, chosen.metrics.top1 * 100, chosen.metrics.top5 * 100,
               chosen.metrics.mean_class_accuracy * 100, chosen.metrics.loss,
               class_table(chosen.metrics, manifest.labels)));
    Json document = to_json(chosen.metrics);
    document["clips"] = chosen.metrics.clips;
    document["labels"] = manifest.labels;
    document["confusion"] = chosen.metrics.confusion;
    document["baseline"] = to_json(baseline.metrics);
    return document;
  }

  std::string comparison(head::HeadKind chosen, const std::map<head::HeadKind, HeadScores>& scores,
                         const dataset::Manifest& manifest, const DataFeatures& features,
                         Json& document) const {
    std::string text =
        format("5. beside it{}\n  head        test top-1        validation top-1\n",
               seeds_ > 1 ? format(" (mean and deviation of {} seeds)", seeds_) : std::string());
    for (const auto& [kind, of_kind] : scores) {
      const auto test = evaluate::mean_and_deviation(of_kind.test_top1);
      const auto val = evaluate::mean_and_deviation(of_kind.val_top1);
      const auto cell = [&](const evaluate::MeanAndDeviation& value) {
        return seeds_ > 1 ? format("{:5.1f} % ± {:4.1f}", value.mean * 100, value.deviation * 100)
                          : format("{:5.1f} %       ", value.mean * 100);
      };
      text += format("  {:<10}  {}    {}{}\n", head::to_string(kind), cell(test), cell(val),
                     kind == chosen ? "   <- the model" : "");
      document[std::string(head::to_string(kind))] = {{"test_top1", of_kind.test_top1},
                                                      {"test_top1_mean", test.mean},
                                                      {"test_top1_deviation", test.deviation},
                                                      {"val_top1_mean", val.mean}};
    }
    const auto& labels = features.of(Split::test).data.labels;
    text += format("  most frequent label {:.1f} %, chance {:.1f} %\n",
                   evaluate::majority_share(labels, manifest.labels.size()) * 100,
                   100.0 / static_cast<double>(manifest.labels.size()));
    return text;
  }

  DataOptions data_;
  MachineOptions machine_;
  FeatureOptions features_;
  HeadOptions head_;
  std::filesystem::path output_;
  std::uint64_t seed_ = 1;
  int seeds_ = 1;
  bool no_compare_ = false;
};

}  // namespace

std::unique_ptr<Verb> make_run() { return std::make_unique<Run>(); }

}  // namespace vidclass::cli
