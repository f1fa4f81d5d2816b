#include <algorithm>
#include <map>
#include <optional>
#include <system_error>

#include "cli/data_job.hpp"
#include "cli/evaluation_page.hpp"
#include "cli/leak_job.hpp"
#include "cli/options.hpp"
#include "cli/predictions.hpp"
#include "cli/score.hpp"
#include "cli/seen_clips.hpp"
#include "cli/train_job.hpp"
#include "cli/train_library.hpp"
#include "cli/verb.hpp"
#include "cli/verdict.hpp"
#include "cli/view_choice.hpp"
#include "core/atomic_file.hpp"
#include "core/format.hpp"
#include "core/log.hpp"
#include "core/text.hpp"
#include "dataset/scan.hpp"
#include "dataset/split.hpp"
#include "evaluate/metrics.hpp"
#include "head/runner.hpp"
#include "vidclass/error.hpp"

namespace vidclass::cli {
namespace {

using dataset::Split;

constexpr const char* model_name = "model.safetensors";
constexpr const char* page_name = "report.html";
constexpr const char* document_name = "evaluation.json";
constexpr const char* predictions_name = "predictions.csv";
constexpr const char* manifest_name = "manifest.csv";

/// One kind of head over all seeds.
struct HeadScores {
  SeedScores test;
  std::vector<double> val_top1;
};

class Run : public Verb {
public:
  void setup(CLI::App& app) override {
    data_.setup(app);
    data_.setup_made_splits(app);
    machine_.setup(app);
    features_.setup(app);
    head_.setup(app);
    leaks_.setup(app);
    app.add_flag("--quick-scan", quick_scan_, "do not search for near duplicates");
    app.add_option("-o,--output", output_,
                   "folder for model.safetensors, report.html, evaluation.json, predictions.csv, "
                   "manifest.csv")
        ->required();
    add_seed_option(app, seed_, "of the made split and of the training");
    app.add_option("--seeds", seeds_, "trainings from this many seeds, for mean and deviation")
        ->capture_default_str()
        ->check(CLI::Range(1, 100));
    app.add_flag("--no-compare", no_compare_,
                 "train the chosen head and the mean-pool baseline only");
  }

  int run(const Context& context) override {
    const train::TrainOptions chosen_options = head_.train_options(seed_, machine_.threads);
    const head::HeadKind kind = chosen_options.spec.kind;
    const features::ExtractOptions extract_options = features_.extract_options(machine_);
    std::error_code error;
    if (std::filesystem::exists(output_, error) && !std::filesystem::is_directory(output_, error)) {
      throw UsageError(format("{} is not a folder; name one to write into", output_.string()));
    }
    dataset::Manifest manifest = data_.open();
    const InputFiles inputs = data_.files_of(manifest);
    for (const char* name :
         {model_name, page_name, document_name, predictions_name, manifest_name}) {
      inputs.refuse(output_ / name);
    }
    context.print("1. scan\n");
    auto scan = scan_data(manifest, context);
    const dataset::SplitOptions split = data_.split_options(seed_);
    dataset::make_splits(manifest, split);
    const auto leaks = find_known_leaks(manifest, {}, machine_, context);
    warn_of_leaks(leaks, manifest, leaks_);
    scan["leaks"] = to_json(leaks, manifest);

    context.print("2. extract\n");
    static_cast<void>(learner_factory(kind));  // fails before the long work, if at all
    const DataFeatures features =
        gather_features(manifest, {Split::train, Split::validation, Split::test}, extract_options,
                        head_.wants_faded(), head_.most_in_memory(), context);
    dataset::write_csv(output_ / manifest_name, manifest);
    context.print("  " + summary(features.report, features.settings) + "\n");

    context.print(format(
        "3. train: {} clips, {} to validate, {} to test\n", features.of(Split::train).clips.size(),
        features.of(Split::validation).clips.size(), features.of(Split::test).clips.size()));
    std::map<head::HeadKind, HeadScores> scores;
    if (head_.chooses_views()) {
      views_ = choose_views(manifest, features, chosen_options, learner_factory(kind), context);
    }
    std::optional<Kept> kept;
    for (int i = 0; i < seeds_; ++i) {
      const std::uint64_t seed = seed_ + static_cast<std::uint64_t>(i);
      auto chosen = train_and_score(kind, seed, manifest, features, scores, context);
      auto baseline =
          kind == head::HeadKind::mean
              ? chosen
              : train_and_score(head::HeadKind::mean, seed, manifest, features, scores, context);
      if (!no_compare_ && kind != head::HeadKind::keras_gru) {
        (void)train_and_score(head::HeadKind::keras_gru, seed, manifest, features, scores, context);
      }
      // By validation: the test clips must not choose.
      if (!kept || chosen.trained.val_loss < kept->chosen.trained.val_loss) {
        kept = Kept{seed, std::move(chosen), std::move(baseline)};
      }
    }
    Json train_document = train_summary(kept->chosen.trained, kept->seed);
    const Answers answers = answers_of(manifest, features, kept->chosen, kept->baseline);
    Json evaluation = tell(answers, kept->seed, context);
    const model::Model model =
        make_model(manifest, features, std::move(kept->chosen.trained),
                   std::move(kept->baseline.trained.heads.at(0)),
                   {split.seed, split.validation, split.test, split.fold}, kept->seed,
                   seen_clips(manifest, features, machine_.feature_cache(), context),
                   views_ ? views_->document : Json());
    model::write(model_path(), model);
    if (views_) train_document["views"] = views_->document;
    train_document["model"] = model_path().string();
    evaluation["unusable"] = to_json(features.report.unusable);
    evaluation["split"] = dataset::to_string(Split::test);
    evaluation["model"] = model_path().string();
    evaluation["heads"] = Json::array();
    for (const auto& [of_kind, of_head] : scores)
      evaluation["heads"].push_back(to_json(of_head.test));

    Json heads = Json::object();
    context.print(comparison(kind, scores, evaluation, heads));
    auto warnings = scan.at("warnings").get<std::vector<std::string>>();
    if (!leaks.empty()) warnings.push_back(leak_sentence(leaks, manifest));
    write_page({.file = output_ / page_name,
                .answers = answers,
                .evaluation = evaluation,
                .manifest = manifest,
                .model = model,
                .warnings = warnings,
                .leaks = leaks.size(),
                .threads = machine_.workers()},
               context);
    Json document{{"scan", scan},
                  {"extract", to_json(features.report, features.settings)},
                  {"train", train_document},
                  {"evaluate", evaluation},
                  {"heads", heads}};
    write_file_atomically(output_ / document_name, to_text(document, 2) + "\n");
    context.print(format("the model: {}\nthe report: {}\n", model_path().string(),
                         (output_ / page_name).string()));
    context.print_json(document);
    return status_for(features.report.unusable);
  }

private:
  struct Scored {
    train::TrainResult trained;
    Tensor probabilities;  // of the test clips
    evaluate::Metrics metrics;
  };
  struct Kept {
    std::uint64_t seed = 1;
    Scored chosen;
    Scored baseline;
  };

  [[nodiscard]] std::filesystem::path model_path() const { return output_ / model_name; }

  Json scan_data(const dataset::Manifest& manifest, const Context& context) const {
    const auto report = dataset::scan(manifest,
                                      {.threads = machine_.workers(),
                                       .cache_dir = machine_.feature_cache(),
                                       .limits = machine_.limits,
                                       .near_duplicates = !quick_scan_},
                                      context.progress, context.cancel);
    for (const std::string& warning : report.warnings) log_warning(warning);
    context.print(format("  {} clips, {} classes, {}\n", report.clips, report.classes.size(),
                         dataset::to_string(manifest.layout)));
    return {{"layout", dataset::to_string(manifest.layout)},
            {"clips", report.clips},
            {"classes", report.classes.size()},
            {"warnings", report.warnings}};
  }

  Scored train_and_score(head::HeadKind kind, std::uint64_t seed, const dataset::Manifest& manifest,
                         const DataFeatures& features, std::map<head::HeadKind, HeadScores>& scores,
                         const Context& context) const {
    // The options of the command line are for the chosen head; those beside it
    // keep their own recipes.
    const HeadOptions head = head::to_string(kind) == head_.head ? head_ : HeadOptions{};
    train::TrainOptions options = head.train_options(seed, machine_.threads);
    options.spec.kind = kind;
    if (views_) options.mixture = views_->mixture;
    const std::size_t labels = manifest.labels.size();
    Scored scored;
    scored.trained = train_on(features, labels, options, head.refits(kind), learner_factory(kind),
                              {.progress = context.progress, .cancel = context.cancel});
    if (scored.trained.stopped) throw Cancelled();
    const train::LabelledFeatures& test = features.of(Split::test).data;
    head::HeadRunner runner(scored.trained.heads, machine_.threads);
    scored.probabilities = probabilities_of(runner, *test.clips, labels);
    scored.metrics = evaluate::compute_metrics(scored.probabilities, test.labels);
    scores[kind].test.name = head::to_string(kind);
    scores[kind].test.seeds.push_back(scored.metrics);
    scores[kind].val_top1.push_back(scored.trained.val_top1);
    return scored;
  }

  static Answers answers_of(const dataset::Manifest& manifest, const DataFeatures& features,
                            const Scored& chosen, const Scored& baseline) {
    const SplitFeatures& test = features.of(Split::test);
    Answers answers;
    answers.labels = manifest.labels;
    answers.truth = test.data.labels;
    answers.probabilities = chosen.probabilities;
    answers.baseline = baseline.probabilities;
    for (const std::size_t clip : test.clips) {
      answers.clips.push_back(manifest.clips[clip].source());
      answers.groups.push_back(manifest.clips[clip].group);
    }
    return answers;
  }

  /// Step 4, in words and as a document.
  Json tell(const Answers& answers, std::uint64_t seed, const Context& context) const {
    std::vector<PredictionRow> rows;
    for (std::size_t i = 0; i < answers.clips.size(); ++i) {
      const std::size_t width = answers.labels.size();
      const auto values = answers.probabilities.data<float>().subspan(i * width, width);
      rows.push_back({answers.clips[i].path, answers.truth[i], {values.begin(), values.end()}});
    }
    write_predictions(output_ / predictions_name, rows, answers.labels);
    const Verdict verdict = judge(answers);
    context.print(format("4. evaluate on the test clips (seed {})\n{}{}", seed,
                         indented(headline(verdict)),
                         class_table(verdict.model.metrics, answers.labels)));
    return to_json(verdict, answers.labels);
  }

  static std::string indented(const std::string& lines) {
    std::string text;
    for (const Line& line : lines_of(lines)) text += format("  {}\n", line.text);
    return text;
  }

  std::string comparison(head::HeadKind chosen, const std::map<head::HeadKind, HeadScores>& scores,
                         const Json& evaluation, Json& document) const {
    std::string text =
        format("5. beside it{}\n  head        test top-1        validation top-1\n",
               seeds_ > 1 ? format(" (mean and deviation of {} seeds)", seeds_) : std::string());
    for (const auto& [kind, of_kind] : scores) {
      std::vector<double> top1;
      for (const auto& metrics : of_kind.test.seeds) top1.push_back(metrics.top1);
      const auto test = evaluate::mean_and_deviation(top1);
      const auto val = evaluate::mean_and_deviation(of_kind.val_top1);
      const auto cell = [&](const evaluate::MeanAndDeviation& value) {
        return seeds_ > 1 ? format("{:5.1f} % ± {:4.1f}", value.mean * 100, value.deviation * 100)
                          : format("{:5.1f} %       ", value.mean * 100);
      };
      text += format("  {:<10}  {}    {}{}\n", head::to_string(kind), cell(test), cell(val),
                     kind == chosen ? "   <- the model" : "");
      document[std::string(head::to_string(kind))] = {{"test_top1", top1},
                                                      {"test_top1_mean", test.mean},
                                                      {"test_top1_deviation", test.deviation},
                                                      {"val_top1_mean", val.mean}};
    }
    return text + format("  most frequent label {:.1f} %, chance {:.1f} %\n",
                         evaluation.at("majority").get<double>() * 100,
                         evaluation.at("chance").get<double>() * 100);
  }

  DataOptions data_;
  MachineOptions machine_;
  FeatureOptions features_;
  HeadOptions head_;
  LeakOptions leaks_;
  bool quick_scan_ = false;
  std::filesystem::path output_;
  std::uint64_t seed_ = 1;
  int seeds_ = 1;
  bool no_compare_ = false;
  std::optional<ViewChoice> views_;
};

}  // namespace

std::unique_ptr<Verb> make_run() { return std::make_unique<Run>(); }

}  // namespace vidclass::cli
