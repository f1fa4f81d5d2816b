#include "cli/command.hpp"
#include "cli/leak_list.hpp"
#include "cli/options.hpp"
#include "cli/training_text.hpp"
#include "core/format.hpp"
#include "core/log.hpp"
#include "model/training_json.hpp"
#include "model/training_summary.hpp"
#include "pipeline/epoch_log.hpp"
#include "pipeline/train.hpp"
#include "report/documents.hpp"

namespace vidclass::cli {
namespace {

class Train : public Command {
public:
  void setup(CLI::App& app) override {
    data_.setup(app);
    data_.setup_made_splits(app);
    add_leak_option(app, request_.refuse_leaks);
    add_machine_options(app, machine_);
    add_feature_options(app, features_);
    add_head_options(app, request_.head);
    finetune_.setup(app);
    app.add_option("-o,--output", request_.output, "the model file to write")
        ->required()
        ->group(group::output);
    add_checkpoint_options(app, request_.checkpoints);
    app.add_option("--log", log_.lines, "write a line of JSON for every epoch of every head")
        ->group(group::rare_output);
    app.add_option("--tensorboard", log_.tensorboard,
                   "folder for TensorBoard's event files, one sub-folder a head")
        ->group(group::rare_output);
    add_seed_option(app, request_.seed, "of the made split and of the training")
        ->group(group::head);
    app.add_option("--seeds", request_.seeds,
                   "train from this many seeds, tell mean and standard deviation, and keep the "
                   "model with the lowest validation loss")
        ->capture_default_str()
        ->group(group::head)
        ->check(CLI::Range(1, 1000));
    app.add_flag(
           "--quick", quick_,
           "a first answer: no choice of the ensemble, three members, clips as they are alone, "
           "no second training")
        ->group(group::head);
    add_overwrite_option(app, request_.overwrite);
  }

  int run(const Context& context) override {
    request_.finetune = finetune_.request(features_.device);
    request_.folds = data_.take_cross_validation();
    request_.data = data_.data();
    request_.split = data_.split_options(request_.seed);
    request_.features = pipeline::extract_options(features_, machine_);
    request_.head.options.threads = machine_.threads;
    if (quick_) pipeline::make_quick(request_.head);
    pipeline::check(request_.head);
    request_.logs = log_.files();
    const pipeline::TrainOutcome outcome =
        pipeline::train(request_, context.hooks, events(context));
    if (outcome.helped_only) return exit_done;
    context.print(told(outcome));
    context.print(request_.output.string() + "\n");
    context.print_json(document(outcome));
    if (outcome.stopped) {
      log_warning(
          format("stopped on request: {} holds the best epoch so far; the same command "
                 "with --resume goes on",
                 request_.output.string()));
      return exit_stopped;
    }
    return status_for(outcome.extraction.unusable);
  }

private:
  pipeline::TrainEvents events(const Context& context) {
    const auto line = [&context](const std::string& text) { context.print(text + "\n"); };
    return {.on_begin = [this] { log_.open(); },
            .on_finetuned = [line](const auto& network) { line(summary(network)); },
            .on_features = [line](const auto& report,
                                  const auto& settings) { line(summary(report, settings)); },
            .on_ensemble = [line](const auto& ensemble) { line(summary(ensemble)); },
            .on_streams = [line](const auto& streams,
                                 const auto& weights) { line(summary(streams, weights)); },
            .on_folds =
                [line](const pipeline::Scores& scores) {
                  line(format("{} folds: {}", scores.top1.size(), summary(scores)));
                },
            .on_epoch = log_.of_training(),
            .on_finetune_epoch = log_.of_finetuning()};
  }

  [[nodiscard]] std::string told(const pipeline::TrainOutcome& outcome) const {
    const model::TrainingRecord& training = *outcome.model.training;
    std::string text;
    if (outcome.seeds.top1.size() > 1) {
      text = format("{} seeds: {}; kept: seed {}\n", outcome.seeds.top1.size(),
                    summary(outcome.seeds), training.seed);
    }
    return text + format(
                      "{} trained in {:.1f} s: validation top-1 {:.1f} % (mean-pool baseline "
                      "{:.1f} %){}\n",
                      head::to_string(request_.head.options.spec.kind), training.seconds,
                      training.val_top1 * 100, outcome.baseline_val_top1 * 100,
                      training.refitted ? ", then trained again on those clips too" : "");
  }

  [[nodiscard]] Json document(const pipeline::TrainOutcome& outcome) const {
    const model::TrainingRecord& training = *outcome.model.training;
    Json document = model::training_summary(outcome.model);
    if (outcome.folds) document["folds"] = to_json(*outcome.folds);
    if (request_.seeds > 1) document["seeds"] = to_json(outcome.seeds);
    document["baseline_val_top1"] = outcome.baseline_val_top1;
    document["model"] = request_.output.string();
    document["train_clips"] = training.train_clips;
    document["val_clips"] = training.val_clips;
    document["leaks"] = outcome.leaks;
    document["unusable"] = report::to_json(outcome.extraction.unusable);
    document["stopped"] = outcome.stopped;
    if (training.finetune) document["finetune"] = model::to_json(*training.finetune);
    return document;
  }

  pipeline::TrainRequest request_;
  DataOptions data_;
  MachineOptions machine_;
  bool quick_ = false;
  FeatureOptions features_;
  FinetuneFlags finetune_;
  pipeline::EpochLog log_;
};

}  // namespace

std::unique_ptr<Command> make_train() { return std::make_unique<Train>(); }

}  // namespace vidclass::cli
