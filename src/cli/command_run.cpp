#include "cli/command.hpp"
#include "cli/leak_list.hpp"
#include "cli/options.hpp"
#include "cli/score.hpp"
#include "cli/training_text.hpp"
#include "core/atomic_file.hpp"
#include "core/format.hpp"
#include "core/text.hpp"
#include "model/training_summary.hpp"
#include "pipeline/run.hpp"

namespace vidclass::cli {
namespace {

using dataset::Split;

std::string indented(const std::string& lines) {
  std::string text;
  for (const Line& line : lines_of(lines)) text += format("  {}\n", line.text);
  return text;
}

class Run : public Command {
public:
  void setup(CLI::App& app) override {
    data_.setup(app);
    data_.setup_made_splits(app);
    add_leak_option(app, request_.refuse_leaks);
    app.add_flag("!--quick-scan", request_.near_duplicates, "do not search for near duplicates")
        ->group(group::data);
    add_machine_options(app, machine_);
    add_feature_options(app, features_);
    add_head_options(app, request_.head);
    app.add_option("-o,--output", request_.output,
                   "folder for model.safetensors, report.html, evaluation.json, predictions.csv, "
                   "manifest.csv")
        ->required()
        ->group(group::output);
    add_seed_option(app, request_.seed, "of the made split and of the training")
        ->group(group::head);
    app.add_option("--seeds", request_.seeds,
                   "trainings from this many seeds, for mean and standard deviation")
        ->capture_default_str()
        ->group(group::head)
        ->check(CLI::Range(1, 100));
    app.add_flag("!--no-compare", request_.compare,
                 "train the chosen head and the mean-pool baseline only")
        ->group(group::head);
    app.add_flag(
           "--quick", quick_,
           "a first answer: no choice of the ensemble, three members, clips as they are alone, "
           "no second training, no folds by place, nothing beside it")
        ->group(group::head);
    add_overwrite_option(app, request_.overwrite);
  }

  int run(const Context& context) override {
    request_.data = data_.data();
    request_.split = data_.split_options(request_.seed);
    request_.features = pipeline::extract_options(features_, machine_);
    request_.head.options.threads = machine_.threads;
    request_.command = context.command;
    if (quick_) {
      pipeline::make_quick(request_.head);
      request_.place_folds = false;
      request_.compare = false;
    }
    pipeline::check(request_.head);
    const pipeline::RunOutcome outcome = pipeline::run(request_, context.hooks, events(context));
    context.print(indented(place_lines(outcome.places)));
    context.print(comparison(outcome));
    const Json document = this->document(outcome);
    write_file_atomically(request_.output / pipeline::run_files::document,
                          to_text(document, 2) + "\n");
    context.print(format("the model: {}\nthe report: {}\n",
                         (request_.output / pipeline::run_files::model).string(),
                         (request_.output / pipeline::run_files::page).string()));
    context.print_json(document);
    return status_for(outcome.extraction.unusable);
  }

private:
  static pipeline::RunEvents events(const Context& context) {
    return {
        .on_opened = [&context] { context.print("1. scan\n"); },
        .on_scanned =
            [&context](const auto& manifest, const dataset::ScanReport& report) {
              context.print(format("  {} clips, {} classes, {}\n", report.clips,
                                   report.classes.size(), dataset::to_string(manifest.layout)));
            },
        .on_extracting = [&context] { context.print("2. extract\n"); },
        .on_features =
            [&context](const pipeline::DataFeatures& features) {
              const auto clips = [&](Split split) { return features.of(split).clips.size(); };
              context.print(format("  {}\n3. train: {} clips, {} to validate, {} to test\n",
                                   summary(features.report, features.settings), clips(Split::train),
                                   clips(Split::validation), clips(Split::test)));
            },
        .on_ensemble =
            [&context](const auto& ensemble) {
              context.print(format("  {}\n", summary(ensemble)));
            },
        .on_streams =
            [&context](const auto& streams, const auto& weights) {
              context.print(format("  {}\n", summary(streams, weights)));
            },
        .on_evaluated =
            [&context](const report::EvaluationRecord& record, std::uint64_t seed) {
              context.print(format(
                  "4. evaluate on the test clips (seed {}): the held-out test accuracy\n{}{}", seed,
                  indented(headline(record)),
                  class_table(record.verdict.model.metrics, record.labels)));
            }};
  }

  [[nodiscard]] std::string comparison(const pipeline::RunOutcome& outcome) const {
    std::string text = format(
        "5. beside it{}\n  head               test top-1        validation top-1\n",
        request_.seeds > 1 ? format(" (mean and standard deviation of {} seeds)", request_.seeds)
                           : std::string());
    const auto cell = [&](const evaluate::MeanAndDeviation& value) {
      return request_.seeds > 1
                 ? format("{:5.1f} % ± {:4.1f}", value.mean * 100, value.deviation * 100)
                 : format("{:5.1f} %       ", value.mean * 100);
    };
    const auto add_row = [&](std::string_view name, const pipeline::HeadScores& scores,
                             const char* remark) {
      text += format("  {:<17}  {}    {}{}\n", name,
                     cell(evaluate::mean_and_deviation(top1_of(scores.test))),
                     cell(evaluate::mean_and_deviation(scores.val_top1)), remark);
    };
    for (const auto& [kind, scores] : outcome.heads) {
      const bool chosen = kind == request_.head.options.spec.kind;
      add_row(head::to_string(kind), scores, chosen ? "   <- the model" : "");
      if (!chosen) continue;
      for (const pipeline::HeadScores* stream : {&outcome.appearance, &outcome.motion}) {
        if (!stream->val_top1.empty()) add_row("  " + stream->test.name, *stream, "");
      }
    }
    const evaluate::Verdict& verdict = outcome.evaluation.verdict;
    return text + format("  most frequent label {:.1f} %, chance {:.1f} %\n",
                         verdict.majority * 100, verdict.chance * 100);
  }

  static std::vector<double> top1_of(const evaluate::SeedScores& scores) {
    std::vector<double> top1;
    for (const auto& metrics : scores.seeds) top1.push_back(metrics.top1);
    return top1;
  }

  [[nodiscard]] Json document(const pipeline::RunOutcome& outcome) const {
    Json train = model::training_summary(outcome.model);
    train["model"] = (request_.output / pipeline::run_files::model).string();
    Json heads = Json::object();
    for (const auto& [kind, scores] : outcome.heads) {
      heads[std::string(head::to_string(kind))] = scores_json(scores);
    }
    Json streams = Json::object();
    if (outcome.model.motion) {
      streams = {{"appearance", scores_json(outcome.appearance)},
                 {"motion", scores_json(outcome.motion)}};
    }
    return {{"scan",
             {{"layout", dataset::to_string(outcome.layout)},
              {"clips", outcome.scan.clips},
              {"classes", outcome.scan.classes.size()},
              {"warnings", outcome.scan.warnings},
              {"leaks", report::to_json(outcome.leaks, outcome.manifest)}}},
            {"extract", report::to_json(outcome.extraction, outcome.settings)},
            {"train", train},
            {"evaluate", report::to_json(outcome.evaluation)},
            {"places", to_json(outcome.places)},
            {"heads", heads},
            {"streams", streams}};
  }

  static Json scores_json(const pipeline::HeadScores& scores) {
    const std::vector<double> top1 = top1_of(scores.test);
    const auto test = evaluate::mean_and_deviation(top1);
    return {{"test_top1", top1},
            {"test_top1_mean", test.mean},
            {"test_top1_deviation", test.deviation},
            {"val_top1_mean", evaluate::mean_and_deviation(scores.val_top1).mean}};
  }

  pipeline::RunRequest request_;
  DataOptions data_;
  MachineOptions machine_;
  bool quick_ = false;
  FeatureOptions features_;
};

}  // namespace

std::unique_ptr<Command> make_run() { return std::make_unique<Run>(); }

}  // namespace vidclass::cli
