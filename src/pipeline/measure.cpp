#include "pipeline/measure.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <map>
#include <utility>

#include "backbone/feature_pipeline.hpp"
#include "backbone/limit.hpp"
#include "backbone/peak.hpp"
#include "core/format.hpp"
#include "core/own_files.hpp"
#include "dataset/split.hpp"
#include "evaluate/metrics.hpp"
#include "features/calibrate.hpp"
#include "head/runner.hpp"
#include "pipeline/calibrate.hpp"
#include "pipeline/torch_library.hpp"
#include "pipeline/train.hpp"
#include "report/trade_off.hpp"
#include "vidclass/error.hpp"

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
  explicit Contestant(const backbone::PreparedBackbone& prepared)
      : network(prepared, backbone::Load::many_frames),
        product(prepared.info().precision, prepared.options().threads) {
    result.name = prepared.info().name;
    result.size = prepared.info().size;
    result.precision = prepared.info().precision;
    result.work = backbone::operations_per_frame(prepared);
  }

  void measure(const Tensor& frames, double seconds) {
    result.speeds.push_back(frames_per_second(network, frames, seconds));
    result.peaks.push_back(product.measure(seconds));
  }

  MeasuredNetwork result;
  backbone::Backbone network;
  backbone::MatrixPeak product;
};

Tensor features_in_f32(const features::ExtractOptions& options, const Tensor& frames) {
  backbone::BackboneOptions exact = options.backbone;
  exact.precision = Precision::f32;
  return backbone::Backbone(exact).features(frames);
}

/// Of the default head, trained on the features of that network, for seeds 1, 2, ...
std::vector<double> test_top1(const MeasureRequest& request, const dataset::Manifest& manifest,
                              const features::ExtractOptions& options, const Hooks& hooks) {
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
                 {.progress = hooks.progress, .cancel = hooks.cancel});
    const train::LabelledFeatures& test = data.of(Split::test).data;
    head::HeadRunner runner(trained.heads, head.options.threads);
    const Tensor probabilities = probabilities_of(runner, *test.clips, manifest.labels.size());
    top1.push_back(evaluate::compute_metrics(probabilities, test.labels).top1);
  }
  return top1;
}

/// The request's options for each contestant.
std::vector<features::ExtractOptions> contestants_of(const MeasureRequest& request) {
  std::vector<features::ExtractOptions> all;
  if (request.networks.empty()) {
    std::vector<Precision> wanted{Precision::f32, Precision::bf16, Precision::int8};
    if (request.features.backbone.precision != Precision::automatic) {
      wanted = {request.features.backbone.precision};
    }
    for (const Precision precision : wanted) {
      all.push_back(request.features);
      all.back().backbone.precision = precision;
    }
  }
  for (const NetworkSetting& setting : request.networks) {
    backbone::BackboneOptions& options = all.emplace_back(request.features).backbone;
    if (backbone::is_network_file(setting.network)) {
      options.file = backbone::NetworkFile{.path = std::filesystem::absolute(setting.network)};
    } else {
      options.file.reset();
      options.name = backbone::find_backbone(setting.network).name;
    }
    options.size = setting.size;
    options.precision = backbone::resolve(setting.precision);
  }
  return all;
}

/// Of the same network and frames of the same size.
bool are_alike(const MeasuredNetwork& a, const MeasuredNetwork& b) {
  return a.name == b.name && a.size == b.size;
}

}  // namespace

NetworkSetting network_setting_from(std::string_view text) {
  NetworkSetting setting;
  std::string_view rest = text;
  // Names of files may have the signs that part a setting.
  const auto has = [&](std::size_t sign) {
    return sign != std::string_view::npos && !backbone::is_network_file(rest);
  };
  if (const auto colon = rest.rfind(':'); has(colon)) {
    setting.precision = backbone::precision_from(std::string(rest.substr(colon + 1)));
    rest = rest.substr(0, colon);
  }
  if (const auto at = rest.rfind('@'); has(at)) {
    const std::string_view number = rest.substr(at + 1);
    const auto [end, error] =
        std::from_chars(number.data(), number.data() + number.size(), setting.size);
    if (error != std::errc{} || end != number.data() + number.size() || setting.size < 1) {
      throw UsageError(
          format("\"{}\" is no network to measure: write NETWORK, NETWORK@SIZE or "
                 "NETWORK@SIZE:PRECISION",
                 text));
    }
    rest = rest.substr(0, at);
  }
  setting.network = rest;
  if (!backbone::is_network_file(rest)) (void)backbone::find_backbone(setting.network);
  return setting;
}

void find_front(std::vector<MeasuredNetwork>& networks) {
  const auto is_beaten = [&](const MeasuredNetwork& one) {
    const double speed = spread_of(one.speeds).median;
    const double accuracy = evaluate::mean_and_deviation(one.test_top1).mean;
    return std::any_of(networks.begin(), networks.end(), [&](const MeasuredNetwork& other) {
      if (other.test_top1.empty()) return false;
      const double faster = spread_of(other.speeds).median - speed;
      const double better = evaluate::mean_and_deviation(other.test_top1).mean - accuracy;
      return faster >= 0 && better >= 0 && (faster > 0 || better > 0);
    });
  };
  for (MeasuredNetwork& one : networks) {
    one.on_front = !one.test_top1.empty() && !is_beaten(one);
  }
}

Spread spread_of(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  const double median =
      values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
  return {median, values.front(), values.back()};
}

std::vector<double> MeasuredNetwork::shares() const {
  std::vector<double> result = ratios(speeds, peaks);
  for (double& share : result) share *= work;
  return result;
}

MeasureOutcome measure(const MeasureRequest& request, const Hooks& hooks) {
  require_openvino(request.features);
  const std::vector<features::ExtractOptions> wanted = contestants_of(request);
  dataset::Manifest manifest = open_data(request.data, hooks);
  if (!request.output.empty()) {
    if (!request.accuracy) throw UsageError("without accuracies there is nothing to draw");
    files_of(request.data, manifest).refuse(request.output, request.overwrite);
    list_own_files({&request.output, 1});
  }
  dataset::make_splits(manifest, {});
  std::vector<video::ClipSource> train;
  std::vector<video::ClipSource> others;
  for (const dataset::Clip& clip : manifest.clips) {
    (clip.split == Split::train ? train : others).push_back(clip.source());
  }
  if (others.empty()) others = train;

  MeasureOutcome outcome;
  std::map<int, Tensor> frames_of;                             // by their size
  std::map<std::pair<std::string, int>, Tensor> features_f32;  // by network and size
  std::vector<Contestant> all;
  for (features::ExtractOptions options : wanted) {
    hooks.cancel.check();
    // Of the speed and the cosines; they cost next to nothing.
    options.backbone.motion = false;
    options.backbone.middle = false;
    options.backbone.needs_middle = false;
    options.calibration_clips = train;
    // Calibrates int8 on the training clips where nothing is kept.
    const backbone::BackboneInfo info =
        features::Extractor(options, hooks.progress, hooks.cancel).settings().backbone;
    options.backbone.calibration = info.calibration;
    options.clip.size = info.size;
    Tensor& frames = frames_of[info.size];
    if (frames.empty()) {
      frames = features::calibration_frames(others, options.clip, hooks.progress, hooks.cancel,
                                            options.limits);
    }
    outcome.frames = frames.dim(0);
    all.emplace_back(backbone::PreparedBackbone(options.backbone));
    const Tensor found = all.back().network.features(frames);
    Tensor& exact = features_f32[{info.name, info.size}];
    if (exact.empty()) {
      exact = info.precision == Precision::f32 ? found : features_in_f32(options, frames);
    }
    all.back().result.agreement = evaluate::compare_rows(exact, found);
  }
  // In turn, so that what else the machine does falls on all alike.
  for (int round = 0; round < request.rounds; ++round) {
    for (Contestant& one : all) {
      hooks.cancel.check();
      one.measure(frames_of.at(one.result.size), request.seconds);
      if (hooks.progress) {
        hooks.progress(
            {"measure", static_cast<std::size_t>(round + 1),
             static_cast<std::size_t>(request.rounds),
             format("{} {}", one.result.name, backbone::to_string(one.result.precision))});
      }
    }
  }
  for (std::size_t i = 0; i < all.size(); ++i) {
    Contestant& one = all[i];
    backbone::keep_limit(backbone::limit_path(request.features.limits_dir, one.network.info(),
                                              request.features.backbone.threads),
                         spread_of(one.result.peaks).median / one.result.work);
    for (const Contestant& other : all) {
      if (other.result.precision == Precision::bf16 && are_alike(other.result, one.result)) {
        one.result.times_bf16 = spread_of(ratios(one.result.speeds, other.result.speeds)).median;
      }
    }
    if (request.accuracy) one.result.test_top1 = test_top1(request, manifest, wanted[i], hooks);
    outcome.networks.push_back(one.result);
  }
  find_front(outcome.networks);
  if (!request.output.empty()) {
    std::vector<report::TradeOff> drawn;
    for (const MeasuredNetwork& one : outcome.networks) {
      const auto top1 = evaluate::mean_and_deviation(one.test_top1);
      drawn.push_back(
          {.name = format("{} {} px {}", one.name, one.size, backbone::to_string(one.precision)),
           .frames_per_second = spread_of(one.speeds).median,
           .top1 = top1.mean,
           .deviation = top1.deviation,
           .on_front = one.on_front});
    }
    report::write_trade_offs(request.output, "Test top-1 against speed", std::move(drawn));
  }
  return outcome;
}

Json to_json(const MeasuredNetwork& one) {
  const Spread share = spread_of(one.shares());
  Json row{{"backbone", one.name},
           {"size", one.size},
           {"precision", backbone::to_string(one.precision)},
           {"frames_per_second", spread_of(one.speeds).median},
           {"gflops", spread_of(one.speeds).median * one.work},
           {"peak_gflops", spread_of(one.peaks).median},
           {"share_of_peak", share.median},
           {"share_of_peak_least", share.least},
           {"share_of_peak_most", share.most},
           {"all_frames_per_second", one.speeds},
           {"all_peak_gflops", one.peaks},
           {"cosine_mean", one.agreement.mean_cosine},
           {"cosine_least", one.agreement.least_cosine}};
  if (one.times_bf16) row["times_bf16"] = *one.times_bf16;
  if (!one.test_top1.empty()) {
    row["test_top1"] = one.test_top1;
    row["on_front"] = one.on_front;
    row["test_top1_mean"] = evaluate::mean_and_deviation(one.test_top1).mean;
  }
  return row;
}

}  // namespace vidclass::pipeline
