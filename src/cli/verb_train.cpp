#include <optional>
#include <system_error>

#include "cli/cross_validation.hpp"
#include "cli/data_job.hpp"
#include "cli/epoch_log.hpp"
#include "cli/finetune_job.hpp"
#include "cli/leak_job.hpp"
#include "cli/loop_options.hpp"
#include "cli/options.hpp"
#include "cli/rank_share.hpp"
#include "cli/seen_clips.hpp"
#include "cli/train_job.hpp"
#include "cli/train_library.hpp"
#include "cli/verb.hpp"
#include "cli/view_choice.hpp"
#include "core/error.hpp"
#include "core/format.hpp"
#include "core/launcher.hpp"
#include "core/log.hpp"
#include "dataset/split.hpp"

namespace vidclass::cli {
namespace {

namespace fs = std::filesystem;

struct SeededResult {
  std::uint64_t seed = 1;
  train::TrainResult result;
};

class Train : public Verb {
public:
  void setup(CLI::App& app) override {
    data_.setup(app);
    data_.setup_made_splits(app);
    machine_.setup(app);
    features_.setup(app);
    head_.setup(app);
    leaks_.setup(app);
    checkpoints_.setup(app);
    log_.setup(app);
    finetune_.setup(app);
    app.add_option("-o,--output", output_, "the model file to write")->required();
    add_seed_option(app, seed_, "of the made split and of the training");
    app.add_option("--seeds", seeds_,
                   "train from this many seeds, tell mean and deviation, and keep the model with "
                   "the lowest validation loss")
        ->capture_default_str()
        ->check(CLI::Range(1, 1000));
  }

  int run(const Context& context) override {
    const train::TrainOptions options = head_.train_options(seed_, machine_.threads);
    finetune_.check();
    std::error_code error;
    if (fs::is_directory(output_, error)) {
      throw UsageError(format("{} is a folder; name the model file to write", output_.string()));
    }
    const std::optional<int> folds = data_.take_cross_validation();
    if (folds && finetune_.wanted()) {
      throw UsageError(
          "--folds leaves clips out that the tuned network has seen: fine-tune each fold by itself "
          "with --fold");
    }
    dataset::Manifest manifest = data_.open();
    data_.files_of(manifest).refuse(output_);
    const dataset::SplitOptions split = data_.split_options(seed_);
    dataset::make_splits(manifest, split);
    const bool refit = head_.refits(options.spec.kind);
    const auto leaks = find_known_leaks(manifest, {}, machine_, context);
    warn_of_leaks(leaks, manifest, leaks_);
    const train::LearnerFactory make_learner = learner_factory(options.spec.kind);
    features::ExtractOptions extract_options = features_.extract_options(machine_);
    if (extract_options.rank == 0) log_.open();
    std::optional<FinetunedNetwork> network;
    if (finetune_.wanted()) {
      const auto ranks = train_library().connect_ranks(rank_from_environment().value_or(Rank{}));
      network = finetune_network(manifest, extract_options, features_.device, finetune_, seed_,
                                 checkpoints_.in(checkpoint_dir()), *ranks,
                                 context_of(ranks->first(), context),
                                 ranks->first() ? log_.of_finetuning(seed_) : nullptr);
      extract_options.backbone.tuned = network->weights;
      extract_options.rank = ranks->rank();
      extract_options.ranks = ranks->size();
    }
    if (extract_options.rank > 0) {
      // The first rank does the rest alone.
      help_to_extract(manifest, extract_options, head_.wants_faded(), context_of(false, context));
      return exit_done;
    }
    if (network) context.print(summary(*network) + "\n");
    const DataFeatures features =
        gather_features(manifest, {dataset::Split::train, dataset::Split::validation},
                        extract_options, head_.wants_faded(), head_.most_in_memory(), context);
    context.print(summary(features.report, features.settings) + "\n");

    auto coming_baseline =
        train_baseline(features, manifest.labels.size(), seed_, refit, context.cancel);
    Json document = Json::object();
    // A tuned network has seen the clips that would be left out.
    if (head_.chooses_views() && !network) {
      views_ = choose_views(manifest, features, options, make_learner, context);
      document["views"] = views_->document;
    }
    if (folds) {
      document["folds"] = cross_validate(*folds, manifest, features, make_learner, context);
    }
    Spread seeds;
    SeededResult best =
        train_seeds(features, manifest.labels.size(), refit, make_learner, seeds, context);
    const bool stopped = context.cancel.requested();
    Context finishing = context;
    if (stopped) finishing.cancel = {};  // what was reached is still to be written
    const train::TrainResult baseline =
        finished_baseline(coming_baseline, features, manifest.labels.size(), refit);

    document.update(train_summary(best.result, best.seed));
    if (seeds_ > 1) document["seeds"] = seeds.json();
    document["baseline_val_top1"] = baseline.val_top1;
    document["model"] = output_.string();
    document["train_clips"] = features.of(dataset::Split::train).clips.size();
    document["val_clips"] = features.of(dataset::Split::validation).clips.size();
    document["leaks"] = leaks.size();
    document["unusable"] = to_json(features.report.unusable);
    document["stopped"] = stopped;
    context.print(told(best, seeds, baseline));
    model::Model model =
        make_model(manifest, features, std::move(best.result), baseline.heads.at(0),
                   {split.seed, split.validation, split.test, split.fold}, best.seed,
                   seen_clips(manifest, features, machine_.feature_cache(), finishing),
                   views_ ? views_->document : Json());
    if (network) {
      add_to(model, *network);
      document["finetune"] = to_json(*network);
    }
    model::write(output_, model);
    context.print(output_.string() + "\n");
    context.print_json(document);
    if (stopped) {
      log_warning(
          format("stopped on request: {} holds the best epoch so far; the same command "
                 "with --resume goes on",
                 output_.string()));
      return exit_stopped;
    }
    fs::remove_all(checkpoint_dir(), error);
    return status_for(features.report.unusable);
  }

private:
  [[nodiscard]] fs::path checkpoint_dir() const { return output_.string() + ".checkpoints"; }

  [[nodiscard]] train::TrainOptions options_of(std::uint64_t seed, const std::string& part) const {
    train::TrainOptions options = head_.train_options(seed, machine_.threads);
    if (views_) options.mixture = views_->mixture;
    options.checkpoints = checkpoints_.in(checkpoint_dir() / part);
    return options;
  }

  Json cross_validate(int folds, const dataset::Manifest& manifest, const DataFeatures& features,
                      const train::LearnerFactory& make_learner, const Context& context) {
    Spread spread;
    int fold = 0;
    for (const TrainingData& data : make_folds(manifest, features, folds, seed_)) {
      ++fold;
      const train::TrainResult result =
          train_on(data, features, manifest.labels.size(),
                   options_of(seed_, format("fold-{}", fold)), make_learner,
                   {.progress = named(context.progress, format(", fold {} of {}", fold, folds)),
                    .on_epoch = log_.of({.seed = seed_, .fold = fold}),
                    .cancel = context.cancel});
      if (result.stopped) throw Cancelled();
      spread.add(result);
    }
    context.print(format("{} folds: {}\n", folds, spread.text()));
    return spread.json();
  }

  /// The training with the lowest validation loss. Stops early, with what there is,
  /// when cancelled.
  SeededResult train_seeds(const DataFeatures& features, std::size_t labels, bool refit,
                           const train::LearnerFactory& make_learner, Spread& spread,
                           const Context& context) {
    std::optional<SeededResult> best;
    for (int i = 0; i < seeds_; ++i) {
      const std::uint64_t seed = seed_ + static_cast<std::uint64_t>(i);
      const std::string suffix = seeds_ > 1 ? format(", seed {}", seed) : "";
      SeededResult trained{seed, {}};
      try {
        trained.result = train_on(features, labels, options_of(seed, format("seed-{}", seed)),
                                  refit, make_learner,
                                  {.progress = named(context.progress, suffix),
                                   .on_epoch = log_.of({.seed = seed}),
                                   .cancel = context.cancel});
      } catch (const Cancelled&) {
        if (!best) throw;
        break;
      }
      spread.add(trained.result);
      if (!best || trained.result.val_loss < best->result.val_loss) best = std::move(trained);
      if (context.cancel.requested()) break;
    }
    return *std::move(best);
  }

  /// The baseline belongs into every model file, also when all was to stop.
  [[nodiscard]] train::TrainResult finished_baseline(std::future<train::TrainResult>& coming,
                                                     const DataFeatures& features,
                                                     std::size_t labels, bool refit) const {
    try {
      train::TrainResult result = coming.get();
      if (!result.stopped) return result;
    } catch (const Cancelled&) {
    }
    return train_baseline(features, labels, seed_, refit, {}).get();
  }

  [[nodiscard]] std::string told(const SeededResult& best, const Spread& seeds,
                                 const train::TrainResult& baseline) const {
    std::string text;
    if (seeds.top1.size() > 1) {
      text = format("{} seeds: {}; kept: seed {}\n", seeds.top1.size(), seeds.text(), best.seed);
    }
    return text + format(
                      "{} trained in {:.1f} s: validation top-1 {:.1f} % (mean-pool baseline "
                      "{:.1f} %){}\n",
                      head_.head, best.result.seconds, best.result.val_top1 * 100,
                      baseline.val_top1 * 100,
                      best.result.refitted ? ", then trained again on those clips too" : "");
  }

  DataOptions data_;
  MachineOptions machine_;
  FeatureOptions features_;
  HeadOptions head_;
  LeakOptions leaks_;
  CheckpointChoices checkpoints_;
  EpochLog log_;
  FinetuneFlags finetune_;
  fs::path output_;
  std::uint64_t seed_ = 1;
  int seeds_ = 1;
  std::optional<ViewChoice> views_;
};

}  // namespace

std::unique_ptr<Verb> make_train() { return std::make_unique<Train>(); }

}  // namespace vidclass::cli
