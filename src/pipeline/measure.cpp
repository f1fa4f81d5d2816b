#include "pipeline/measure.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "backbone/feature_pipeline.hpp"
#include "backbone/limit.hpp"
#include "backbone/peak.hpp"
#include "dataset/split.hpp"
#include "evaluate/metrics.hpp"
#include "features/calibrate.hpp"
#include "head/runner.hpp"
#include "pipeline/calibrate.hpp"
#include "pipeline/torch_library.hpp"
#include "pipeline/train.hpp"

namespace vidclass::pipeline {
namespace {

using backbone::Precision;
using dataset::Split;

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

/// A network in one precision, and the quickest matrix product beside it.
struct Contestant {
  Contestant(const backbone::PreparedBackbone& prepared, Precision of)
      : network(prepared, backbone::Load::many_frames), product(of, prepared.options().threads) {
    result.precision = of;
    result.work = backbone::operations_per_frame(prepared);
  }

  void measure(const Tensor& frames, double seconds) {
    result.speeds.push_back(frames_per_second(network, frames, seconds));
    result.peaks.push_back(product.measure(seconds));
  }

  MeasuredPrecision result;
  backbone::Backbone network;
  backbone::MatrixPeak product;
};

Tensor features_in_f32(const features::ExtractOptions& options, const Tensor& frames) {
  backbone::BackboneOptions exact = options.backbone;
  exact.precision = Precision::f32;
  return backbone::Backbone(exact).features(frames);
}

/// Of the default head, trained on features of that precision, for seeds 1, 2, ...
std::vector<double> test_top1(const MeasureRequest& request, const dataset::Manifest& manifest,
                              Precision precision, const Hooks& hooks) {
  features::ExtractOptions options = request.features;
  options.backbone.precision = precision;
  HeadRequest head;
  head.options.threads = options.backbone.threads;
  const DataFeatures data =
      gather_features(manifest, {Split::train, Split::validation, Split::test}, options,
                      wants_faded(head), head.most_in_memory, hooks);
  std::vector<double> top1;
  for (int seed = 1; seed <= request.seeds; ++seed) {
    head.options.seed = static_cast<std::uint64_t>(seed);
    const train::TrainResult trained =
        train_on(data, manifest.labels.size(), head.options, /*refit=*/false,
                 learner_factory(head.options.spec.kind),
                 {.progress = hooks.progress, .cancel = hooks.cancel});
    const train::LabelledFeatures& test = data.of(Split::test).data;
    head::HeadRunner runner(trained.heads, head.options.threads);
    const Tensor probabilities = probabilities_of(runner, *test.clips, manifest.labels.size());
    top1.push_back(evaluate::compute_metrics(probabilities, test.labels).top1);
  }
  return top1;
}

}  // namespace

Spread spread_of(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  const double median =
      values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
  return {median, values.front(), values.back()};
}

std::vector<double> MeasuredPrecision::shares() const {
  std::vector<double> result = ratios(speeds, peaks);
  for (double& share : result) share *= work;
  return result;
}

MeasureOutcome measure(const MeasureRequest& request, const Hooks& hooks) {
  require_openvino(request.features);
  dataset::Manifest manifest = open_data(request.data, hooks);
  dataset::make_splits(manifest, {});
  std::vector<video::ClipSource> train;
  std::vector<video::ClipSource> others;
  for (const dataset::Clip& clip : manifest.clips) {
    (clip.split == Split::train ? train : others).push_back(clip.source());
  }
  if (others.empty()) others = train;

  features::ExtractOptions options = request.features;
  // Of the speed and the cosines; they cost next to nothing.
  options.backbone.motion = false;
  options.backbone.middle = false;
  options.calibration_clips = train;
  options.clip.size = backbone::PreparedBackbone(options.backbone).info().size;
  const Tensor frames = features::calibration_frames(others, options.clip, hooks.progress,
                                                     hooks.cancel, options.limits);

  std::vector<Precision> wanted{Precision::f32, Precision::bf16, Precision::int8};
  if (options.backbone.precision != Precision::automatic) wanted = {options.backbone.precision};
  std::vector<Contestant> all;
  std::optional<Tensor> exact;
  for (const Precision precision : wanted) {
    hooks.cancel.check();
    options.backbone.precision = precision;
    // Calibrates int8 on the training clips where nothing is kept.
    const features::FeatureSettings settings =
        features::Extractor(options, hooks.progress, hooks.cancel).settings();
    backbone::BackboneOptions with_calibration = options.backbone;
    with_calibration.calibration = settings.backbone.calibration;
    all.emplace_back(backbone::PreparedBackbone(with_calibration), precision);
    const Tensor found = all.back().network.features(frames);
    if (!exact) exact = precision == Precision::f32 ? found : features_in_f32(options, frames);
    all.back().result.agreement = evaluate::compare_rows(*exact, found);
  }
  // In turn, so that what else the machine does falls on all alike.
  for (int round = 0; round < request.rounds; ++round) {
    for (Contestant& one : all) {
      hooks.cancel.check();
      one.measure(frames, request.seconds);
      if (hooks.progress) {
        hooks.progress({"measure", static_cast<std::size_t>(round + 1),
                        static_cast<std::size_t>(request.rounds),
                        std::string(backbone::to_string(one.result.precision))});
      }
    }
  }
  const auto bf16 = std::find_if(all.begin(), all.end(), [](const Contestant& one) {
    return one.result.precision == Precision::bf16;
  });
  MeasureOutcome outcome{.precisions = {}, .size = options.clip.size, .frames = frames.dim(0)};
  for (Contestant& one : all) {
    backbone::keep_limit(backbone::limit_path(request.features.limits_dir, one.network.info(),
                                              request.features.backbone.threads),
                         spread_of(one.result.peaks).median / one.result.work);
    if (bf16 != all.end()) {
      one.result.times_bf16 = spread_of(ratios(one.result.speeds, bf16->result.speeds)).median;
    }
    if (request.accuracy) {
      one.result.test_top1 = test_top1(request, manifest, one.result.precision, hooks);
    }
    outcome.precisions.push_back(one.result);
  }
  return outcome;
}

}  // namespace vidclass::pipeline
