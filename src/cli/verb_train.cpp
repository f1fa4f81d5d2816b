#include <system_error>

#include "cli/data_job.hpp"
#include "cli/leak_job.hpp"
#include "cli/options.hpp"
#include "cli/seen_clips.hpp"
#include "cli/train_job.hpp"
#include "cli/verb.hpp"
#include "core/format.hpp"
#include "vidclass/core/error.hpp"
#include "vidclass/dataset/split.hpp"

namespace vidclass::cli {
namespace {

class Train : public Verb {
public:
  void setup(CLI::App& app) override {
    data_.setup(app);
    data_.setup_made_splits(app);
    machine_.setup(app);
    features_.setup(app);
    head_.setup(app);
    leaks_.setup(app);
    app.add_option("-o,--output", output_, "the model file to write")->required();
    add_seed_option(app, seed_, "of the made split and of the training");
  }

  int run(const Context& context) override {
    const head::HeadKind kind = head::head_kind_from(head_.head);
    std::error_code error;
    if (std::filesystem::is_directory(output_, error)) {
      throw UsageError(format("{} is a folder; name the model file to write", output_.string()));
    }
    dataset::Manifest manifest = data_.open();
    const dataset::SplitOptions split = data_.split_options(seed_);
    dataset::make_splits(manifest, split);
    const auto leaks = find_known_leaks(manifest, {}, machine_, context);
    warn_of_leaks(leaks, manifest, leaks_);
    const TrainLibrary library;
    const DataFeatures features =
        gather_features(manifest, {dataset::Split::train, dataset::Split::validation},
                        features_.extract_options(machine_), context);
    context.print(summary(features.report, features.settings) + "\n");

    const std::size_t labels = manifest.labels.size();
    auto result = library.train_heads(
        features.of(dataset::Split::train).data, features.of(dataset::Split::validation).data,
        head_.train_options(kind, seed_, features, labels, machine_.threads), context.progress,
        context.cancel);
    auto baseline = train_plain(library, head::HeadKind::mean, seed_, features, labels,
                                machine_.threads, context);
    Json document = train_summary(result, seed_);
    document["baseline_val_top1"] = baseline.val_top1;
    document["model"] = output_.string();
    document["train_clips"] = features.of(dataset::Split::train).clips.size();
    document["val_clips"] = features.of(dataset::Split::validation).clips.size();
    document["leaks"] = leaks.size();
    document["unusable"] = to_json(features.report.unusable);
    const double val_top1 = result.val_top1;
    const double seconds = result.seconds;
    model::write(output_,
                 make_model(manifest, features, std::move(result), std::move(baseline.heads.at(0)),
                            {split.seed, split.validation, split.test, split.fold}, seed_,
                            seen_clips(manifest, features, machine_.feature_cache(), context)));
    context.print(
        format("{} trained in {:.1f} s: validation top-1 {:.1f} % (mean-pool baseline "
               "{:.1f} %)\n{}\n",
               head_.head, seconds, val_top1 * 100, baseline.val_top1 * 100, output_.string()));
    context.print_json(document);
    return status_for(features.report.unusable);
  }

private:
  DataOptions data_;
  MachineOptions machine_;
  FeatureOptions features_;
  HeadOptions head_;
  LeakOptions leaks_;
  std::filesystem::path output_;
  std::uint64_t seed_ = 1;
};

}  // namespace

std::unique_ptr<Verb> make_train() { return std::make_unique<Train>(); }

}  // namespace vidclass::cli
