#include <algorithm>
#include <chrono>
#include <optional>
#include <vector>

#include "cli/data_job.hpp"
#include "cli/options.hpp"
#include "cli/train_job.hpp"
#include "cli/train_library.hpp"
#include "cli/verb.hpp"
#include "core/format.hpp"
#include "vidclass/backbone/feature_pipeline.hpp"
#include "vidclass/backbone/peak.hpp"
#include "vidclass/core/error.hpp"
#include "vidclass/dataset/split.hpp"
#include "vidclass/evaluate/agreement.hpp"
#include "vidclass/evaluate/metrics.hpp"
#include "vidclass/features/calibrate.hpp"
#include "vidclass/head/runner.hpp"

namespace vidclass::cli {
namespace {

using backbone::Precision;

/// Frames a second over `seconds`, with the frames ready in memory.
double frames_per_second(backbone::Backbone& network, const Tensor& frames, double seconds) {
  using Clock = std::chrono::steady_clock;
  const auto run = [&](double limit) {
    backbone::FeaturePipeline pipeline(network);
    std::size_t done = 0;
    const auto start = Clock::now();
    std::chrono::duration<double> took{0};
    do {
      pipeline.push(0, frames);
      while (pipeline.pop()) done += frames.dim(0);
      took = Clock::now() - start;
    } while (took.count() < limit);
    while (pipeline.wait()) done += frames.dim(0);
    took = Clock::now() - start;
    return static_cast<double>(done) / took.count();
  };
  (void)run(0);  // the first pass also allocates
  return run(seconds);
}

class Bench : public Verb {
public:
  void setup(CLI::App& app) override {
    app.require_subcommand(1);
    precision_ = app.add_subcommand(
        "precision", "frames a second, cosine to f32 and accuracy of f32, bf16 and int8");
    precision_->fallthrough();
    data_.setup(*precision_);
    machine_.setup(*precision_);
    features_.setup(*precision_);
    precision_->add_option("--seconds", seconds_, "time for each measurement of speed")
        ->capture_default_str()
        ->check(CLI::Range(0.1, 600.0));
    precision_->add_flag("--no-accuracy", no_accuracy_,
                         "skip the accuracy, which extracts all clips and trains a head for each "
                         "precision");
    precision_->add_option("--seeds", seeds_, "heads trained for the accuracy")
        ->capture_default_str()
        ->check(CLI::Range(1, 100));
  }

  int run(const Context& context) override {
    dataset::Manifest manifest = data_.open();
    dataset::make_splits(manifest, {});
    std::vector<video::ClipSource> train;
    std::vector<video::ClipSource> others;
    for (const dataset::Clip& clip : manifest.clips) {
      (clip.split == dataset::Split::train ? train : others).push_back(clip.source());
    }
    if (others.empty()) others = train;

    features::ExtractOptions options = features_.extract_options(machine_);
    options.backbone.motion = false;  // of the speed and the cosines; it costs next to nothing
    options.calibration_clips = train;
    options.clip.size = backbone::PreparedBackbone(options.backbone).info().size;
    const Tensor frames =
        features::calibration_frames(others, options.clip, context.progress, context.cancel);

    std::optional<Tensor> exact;
    Json rows = Json::array();
    context.print(
        "precision  frames/s  GFLOP/s of peak          share  cosine to f32 (mean, least)"
        "  test top-1\n");
    for (const Precision precision : {Precision::f32, Precision::bf16, Precision::int8}) {
      context.cancel.check();
      options.backbone.precision = precision;
      // Calibrates int8 on the training clips where nothing is kept.
      const features::FeatureSettings settings =
          features::Extractor(options, context.progress, context.cancel).settings();
      backbone::BackboneOptions with_calibration = options.backbone;
      with_calibration.calibration = settings.backbone.calibration;
      const backbone::PreparedBackbone prepared(with_calibration);
      backbone::Backbone network(prepared, backbone::Load::many_frames);
      const double speed = frames_per_second(network, frames, seconds_);
      const double work = backbone::operations_per_frame(prepared);
      const double peak =
          backbone::measure_matrix_peak(precision, options.backbone.threads, seconds_);
      const Tensor found = network.features(frames);
      if (!exact) exact = found;
      const evaluate::Agreement agreement = evaluate::compare_rows(*exact, found);
      Json row{{"precision", backbone::to_string(precision)},
               {"frames_per_second", speed},
               {"gflops", speed * work},
               {"peak_gflops", peak},
               {"share_of_peak", speed * work / peak},
               {"cosine_mean", agreement.mean_cosine},
               {"cosine_least", agreement.least_cosine}};
      std::string accuracy = "-";
      if (!no_accuracy_) {
        const auto top1 = test_top1(manifest, precision, context);
        const auto summary = evaluate::mean_and_deviation(top1);
        row["test_top1"] = top1;
        row["test_top1_mean"] = summary.mean;
        accuracy = format("{:.1f} % ± {:.1f}", summary.mean * 100, summary.deviation * 100);
      }
      context.print(
          format("{:<9}  {:>8.1f}  {:>7.0f} of {:>7.0f}  {:>12.2f}  {:.5f}, {:.5f}{:>13}  {}\n",
                 backbone::to_string(precision), speed, speed * work, peak, speed * work / peak,
                 agreement.mean_cosine, agreement.least_cosine, "", accuracy));
      rows.push_back(std::move(row));
    }
    const auto automatic = backbone::to_string(backbone::resolve(Precision::automatic));
    context.print(format("auto is {} here\n", automatic));
    context.print_json({{"backbone", features_.backbone},
                        {"size", options.clip.size},
                        {"frames", frames.dim(0)},
                        {"threads", options.backbone.threads},
                        {"batch", options.backbone.batch},
                        {"auto", automatic},
                        {"precisions", rows}});
    return exit_done;
  }

private:
  /// Of the default head, trained on features of that precision, for seeds 1, 2, ...
  [[nodiscard]] std::vector<double> test_top1(const dataset::Manifest& manifest,
                                              Precision precision, const Context& context) const {
    using dataset::Split;
    features::ExtractOptions options = features_.extract_options(machine_);
    options.backbone.precision = precision;
    HeadOptions head;
    const DataFeatures data =
        gather_features(manifest, {Split::train, Split::validation, Split::test}, options,
                        head.most_in_memory(), context);
    const learn::LearnerFactory make_learner = learner_factory(head::HeadKind::gru);
    learn::TrainHooks hooks;
    hooks.progress = context.progress;
    hooks.cancel = context.cancel;
    std::vector<double> top1;
    for (int seed = 1; seed <= seeds_; ++seed) {
      const learn::TrainResult trained =
          train_on(data, manifest.labels.size(),
                   head.train_options(static_cast<std::uint64_t>(seed), machine_.threads),
                   /*refit=*/false, make_learner, hooks);
      const learn::LabelledFeatures& test = data.of(Split::test).data;
      head::HeadRunner runner(trained.heads, machine_.threads);
      const Tensor probabilities = probabilities_of(runner, *test.clips, manifest.labels.size());
      top1.push_back(evaluate::compute_metrics(probabilities, test.labels).top1);
    }
    return top1;
  }

  CLI::App* precision_ = nullptr;
  DataOptions data_;
  MachineOptions machine_;
  FeatureOptions features_;
  double seconds_ = 5;
  bool no_accuracy_ = false;
  int seeds_ = 3;
};

}  // namespace

std::unique_ptr<Verb> make_bench() { return std::make_unique<Bench>(); }

}  // namespace vidclass::cli
