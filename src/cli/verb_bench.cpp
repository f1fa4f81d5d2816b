#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "backbone/feature_pipeline.hpp"
#include "backbone/limit.hpp"
#include "backbone/peak.hpp"
#include "cli/data_job.hpp"
#include "cli/options.hpp"
#include "cli/train_job.hpp"
#include "cli/train_library.hpp"
#include "cli/verb.hpp"
#include "core/format.hpp"
#include "dataset/split.hpp"
#include "evaluate/agreement.hpp"
#include "evaluate/metrics.hpp"
#include "features/calibrate.hpp"
#include "head/runner.hpp"
#include "vidclass/error.hpp"

namespace vidclass::cli {
namespace {

using backbone::Precision;

/// Frames a second over `seconds`, with the frames ready in memory.
double frames_per_second(backbone::Backbone& network, const Tensor& frames, double seconds) {
  using Clock = std::chrono::steady_clock;
  // As many as a clip has.
  const std::size_t some = std::min<std::size_t>(frames.dim(0), 20);
  const std::size_t each = frames.size() / frames.dim(0);
  const std::size_t side = frames.dim(1);
  const Tensor clip = Tensor::from<std::uint8_t>(
      {some, side, side, 3}, frames.data<std::uint8_t>().subspan(0, some * each));
  backbone::FeaturePipeline pipeline(network);
  std::size_t done = 0;
  const auto start = Clock::now();
  std::chrono::duration<double> took{0};
  do {
    pipeline.push(0, clip);
    while (pipeline.pop()) done += some;
    took = Clock::now() - start;
  } while (took.count() < seconds);
  while (pipeline.wait()) done += some;
  took = Clock::now() - start;
  return static_cast<double>(done) / took.count();
}

std::vector<double> ratios(const std::vector<double>& of, const std::vector<double>& to) {
  std::vector<double> result;
  for (std::size_t i = 0; i < of.size(); ++i) result.push_back(of[i] / to[i]);
  return result;
}

struct Spread {
  double median = 0, least = 0, most = 0;
};

Spread spread_of(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  const double median =
      values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
  return {median, values.front(), values.back()};
}

std::string text(const Spread& spread, int digits) {
  return format("{:.{}f} ({:.{}f} to {:.{}f})", spread.median, digits, spread.least, digits,
                spread.most, digits);
}

/// A network in one precision, and the quickest matrix product beside it.
struct Measured {
  Measured(const backbone::BackboneOptions& options, Precision of)
      : Measured(backbone::PreparedBackbone(options), of) {}
  Measured(const backbone::PreparedBackbone& prepared, Precision of)
      : precision(of),
        work(backbone::operations_per_frame(prepared)),
        network(prepared, backbone::Load::many_frames),
        product(of, prepared.options().threads) {}

  void measure(const Tensor& frames, double seconds) {
    speeds.push_back(frames_per_second(network, frames, seconds));
    peaks.push_back(product.measure(seconds));
  }

  [[nodiscard]] std::vector<double> shares() const {
    std::vector<double> result = ratios(speeds, peaks);
    for (double& share : result) share *= work;
    return result;
  }

  [[nodiscard]] Json to_json() const {
    const Spread share = spread_of(shares());
    return {{"precision", backbone::to_string(precision)},
            {"frames_per_second", spread_of(speeds).median},
            {"gflops", spread_of(speeds).median * work},
            {"peak_gflops", spread_of(peaks).median},
            {"share_of_peak", share.median},
            {"share_of_peak_least", share.least},
            {"share_of_peak_most", share.most},
            {"all_frames_per_second", speeds},
            {"all_peak_gflops", peaks},
            {"cosine_mean", agreement.mean_cosine},
            {"cosine_least", agreement.least_cosine}};
  }

  Precision precision;
  double work;  // billions of operations a frame
  backbone::Backbone network;
  backbone::MatrixPeak product;
  evaluate::Agreement agreement{};
  std::vector<double> speeds, peaks;  // frames/s, GFLOP/s; one a round
};

class Bench : public Verb {
public:
  void setup(CLI::App& app) override {
    app.require_subcommand(1);
    precision_ = app.add_subcommand(
        "precision",
        "frames a second, cosine to f32 and accuracy of f32, bf16 and int8, or of --precision");
    precision_->fallthrough();
    data_.setup(*precision_);
    machine_.setup(*precision_);
    features_.setup(*precision_);
    precision_->add_option("--seconds", seconds_, "time for each measurement of speed")
        ->capture_default_str()
        ->check(CLI::Range(0.1, 600.0));
    precision_->add_option("--rounds", rounds_, "how often each speed is measured, in turn")
        ->capture_default_str()
        ->check(CLI::Range(1, 1000));
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
    require_openvino(options);
    // Of the speed and the cosines; they cost next to nothing.
    options.backbone.motion = false;
    options.backbone.middle = false;
    options.calibration_clips = train;
    options.clip.size = backbone::PreparedBackbone(options.backbone).info().size;
    const Tensor frames =
        features::calibration_frames(others, options.clip, context.progress, context.cancel);

    std::vector<Measured> all;
    std::optional<Tensor> exact;
    for (const Precision precision : wanted_precisions()) {
      context.cancel.check();
      options.backbone.precision = precision;
      // Calibrates int8 on the training clips where nothing is kept.
      const features::FeatureSettings settings =
          features::Extractor(options, context.progress, context.cancel).settings();
      backbone::BackboneOptions with_calibration = options.backbone;
      with_calibration.calibration = settings.backbone.calibration;
      all.emplace_back(with_calibration, precision);
      const Tensor found = all.back().network.features(frames);
      if (!exact) exact = precision == Precision::f32 ? found : features_in_f32(options, frames);
      all.back().agreement = evaluate::compare_rows(*exact, found);
    }
    // In turn, so that what else the machine does falls on all alike.
    for (int round = 0; round < rounds_; ++round) {
      for (Measured& one : all) {
        context.cancel.check();
        one.measure(frames, seconds_);
        if (context.progress) {
          context.progress({"measure", static_cast<std::size_t>(round + 1),
                            static_cast<std::size_t>(rounds_),
                            std::string(backbone::to_string(one.precision))});
        }
      }
    }
    context.print(
        "median (least to most) of what is measured in turn\n"
        "precision  frames/s               GFLOP/s: the network, and the quickest product   share "
        "                of bf16  cosine to f32 (mean, least)  test top-1\n");
    Json rows = Json::array();
    for (const Measured& one : all) {
      Json row = one.to_json();
      backbone::keep_limit(
          backbone::limit_path(machine_.limits_dir(), one.network.info(), machine_.threads),
          spread_of(one.peaks).median / one.work);
      const Spread share = spread_of(one.shares());
      const auto bf16 = std::find_if(all.begin(), all.end(), [](const Measured& other) {
        return other.precision == Precision::bf16;
      });
      std::string times_bf16 = "-";
      if (bf16 != all.end()) {
        const double ratio = spread_of(ratios(one.speeds, bf16->speeds)).median;
        row["times_bf16"] = ratio;
        times_bf16 = format("{:.2f}", ratio);
      }
      std::string accuracy = "-";
      if (!no_accuracy_) {
        const auto top1 = test_top1(manifest, one.precision, context);
        const auto summary = evaluate::mean_and_deviation(top1);
        row["test_top1"] = top1;
        row["test_top1_mean"] = summary.mean;
        accuracy = format("{:.1f} % ± {:.1f}", summary.mean * 100, summary.deviation * 100);
      }
      context.print(format(
          "{:<9}  {:<21}  {:>7.0f} of {:>7.0f}{:27}{:<21}  {:>7}  {:.5f}, "
          "{:.5f}{:12}  {}\n",
          backbone::to_string(one.precision), text(spread_of(one.speeds), 1),
          spread_of(one.speeds).median * one.work, spread_of(one.peaks).median, "", text(share, 2),
          times_bf16, one.agreement.mean_cosine, one.agreement.least_cosine, "", accuracy));
      rows.push_back(std::move(row));
    }
    const auto automatic = backbone::to_string(backbone::resolve(Precision::automatic));
    context.print(format("auto is {} here\n", automatic));
    context.print_json({{"backbone", features_.network.backbone},
                        {"size", options.clip.size},
                        {"frames", frames.dim(0)},
                        {"threads", options.backbone.threads},
                        {"batch", options.backbone.batch},
                        {"auto", automatic},
                        {"precisions", rows}});
    return exit_done;
  }

private:
  /// All of them, or the one that was asked for.
  [[nodiscard]] std::vector<Precision> wanted_precisions() const {
    const Precision asked = backbone::precision_from(features_.precision);
    if (asked != Precision::automatic) return {asked};
    return {Precision::f32, Precision::bf16, Precision::int8};
  }

  static Tensor features_in_f32(const features::ExtractOptions& options, const Tensor& frames) {
    backbone::BackboneOptions exact = options.backbone;
    exact.precision = Precision::f32;
    return backbone::Backbone(exact).features(frames);
  }

  /// Of the default head, trained on features of that precision, for seeds 1, 2, ...
  [[nodiscard]] std::vector<double> test_top1(const dataset::Manifest& manifest,
                                              Precision precision, const Context& context) const {
    using dataset::Split;
    features::ExtractOptions options = features_.extract_options(machine_);
    options.backbone.precision = precision;
    HeadOptions head;
    const DataFeatures data =
        gather_features(manifest, {Split::train, Split::validation, Split::test}, options,
                        head.wants_faded(), head.most_in_memory(), context);
    const train::LearnerFactory make_learner = learner_factory(head::HeadKind::gru);
    train::TrainHooks hooks;
    hooks.progress = context.progress;
    hooks.cancel = context.cancel;
    std::vector<double> top1;
    for (int seed = 1; seed <= seeds_; ++seed) {
      const train::TrainResult trained =
          train_on(data, manifest.labels.size(),
                   head.train_options(static_cast<std::uint64_t>(seed), machine_.threads),
                   /*refit=*/false, make_learner, hooks);
      const train::LabelledFeatures& test = data.of(Split::test).data;
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
  double seconds_ = 2;
  int rounds_ = 5;
  bool no_accuracy_ = false;
  int seeds_ = 3;
};

}  // namespace

std::unique_ptr<Verb> make_bench() { return std::make_unique<Bench>(); }

}  // namespace vidclass::cli
