#include "cli/options.hpp"

#include <sched.h>

#include <algorithm>
#include <iterator>
#include <string_view>
#include <thread>
#include <utility>

#include "cli/train_library.hpp"
#include "core/error.hpp"
#include "core/format.hpp"
#include "core/parallel.hpp"
#include "core/user_dirs.hpp"
#include "features/decoder_pool.hpp"

namespace vidclass::cli {

void SpanOptions::setup(CLI::App& app) {
  constexpr double longest = 1e9;
  app.add_option("--start", start, "leave out what is before, in seconds after the first frame")
      ->check(CLI::Range(0.0, longest));
  app.add_option("--end", end, "leave out what is from there on, in seconds")
      ->check(CLI::Range(0.0, longest));
}

void SpanOptions::check() const {
  if (end && *end <= start) {
    throw UsageError(format("--end {} is not after --start {}", *end, start));
  }
}

void DataOptions::setup(CLI::App& app) {
  app.add_option("DATA", data,
                 "a data set: a folder with one sub-folder a class, a folder with the lists of "
                 "UCF101, HMDB51, Kinetics or MMAction2, a list, or a CSV path,label[,...]")
      ->required();
  app.add_option("--layout", layout,
                 "folders, ucf101, hmdb51, kinetics, lists or csv (default: recognised)");
  app.add_option("--splits", splits,
                 "folder of the split lists, or one list (default: looked for in DATA)");
  app.add_option("--root", root, "folder that listed paths are relative to (default: looked for)");
  app.add_option("--labels", label_names, "file that names the labels of numbered lists");
  app.add_option("--fold", fold, "which of the split lists (default 1)")->check(CLI::Range(1, 99));
  span.setup(app);
}

void DataOptions::setup_made_splits(CLI::App& app) {
  auto* of_shares = app.add_option(
      "--split", shares,
      "shares of train/val/test where DATA gives no splits: 70/15/15, or 80/20 with val out of the "
      "80 (default 70/15/15)");
  app.add_option("--folds", folds,
                 "cut DATA in so many parts and test on the one that --fold names; without --fold, "
                 "train and tune cross-validate: they leave each of so many parts of the training "
                 "and validation clips out in turn, whole groups together")
      ->check(CLI::Range(2, 99))
      ->excludes(of_shares);
}

std::optional<int> DataOptions::take_cross_validation() {
  return fold ? std::nullopt : std::exchange(folds, std::nullopt);
}

dataset::SplitOptions DataOptions::split_options(std::uint64_t seed) const {
  dataset::SplitOptions options;
  if (!shares.empty()) options = dataset::split_shares_from(shares);
  options.seed = seed;
  if (!folds) return options;
  if (!fold) throw UsageError("--folds needs --fold: which of them is the test set");
  if (*fold > *folds) {
    throw UsageError(format("--fold {} is beyond the {} folds", *fold, *folds));
  }
  options.fold = dataset::Fold{*fold, *folds};
  return options;
}

dataset::Manifest DataOptions::open() const {
  dataset::OpenOptions options;
  if (!layout.empty()) options.layout = dataset::layout_from(layout);
  if (!splits.empty()) options.splits = splits;
  if (!root.empty()) options.root = root;
  if (!label_names.empty()) options.label_names = label_names;
  // With --folds, --fold tells of a fold that is made.
  if (fold && !folds) options.fold = *fold;
  span.check();
  dataset::Manifest manifest = dataset::open(data, options);
  if (manifest.content == dataset::Content::arrays && (span.start > 0 || span.end)) {
    throw UsageError(
        format("{} is feature arrays, which have no times: --start and --end are for "
               "clips",
               data.string()));
  }
  for (dataset::Clip& clip : manifest.clips) {
    if (!clip.source().whole()) continue;
    clip.start = span.start;
    clip.end = span.end;
  }
  return manifest;
}

InputFiles DataOptions::files_of(const dataset::Manifest& manifest) const {
  InputFiles files;
  for (const auto& path : {data, splits, label_names}) files.add(path);
  for (const dataset::Clip& clip : manifest.clips) files.add(clip.path);
  return files;
}

void MachineOptions::setup(CLI::App& app) {
  app.add_option("--threads", threads, "CPU threads, 0 for all")
      ->capture_default_str()
      ->check(CLI::Range(0, 1024));
  app.add_option("--cache", cache,
                 "folder of the feature cache (default: the user's cache folder)");
  app.add_option("--max-pixels", limits.max_pixels, "refuse clips of larger frames")
      ->capture_default_str()
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{1} << 30));
  app.add_option("--max-duration", limits.max_duration, "refuse clips of more seconds")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
  app.add_option("--max-stall", limits.max_stall,
                 "give a clip up when it gives no frame for so many seconds")
      ->capture_default_str()
      ->check(CLI::PositiveNumber);
}

std::filesystem::path MachineOptions::feature_cache() const {
  return cache.empty() ? user_cache_dir() / "features" : cache;
}

std::filesystem::path MachineOptions::compiled_cache() const {
  return user_cache_dir() / "compiled";
}

std::filesystem::path MachineOptions::calibration_dir() const {
  return user_cache_dir() / "calibrations";
}

std::filesystem::path MachineOptions::limits_dir() const { return user_cache_dir() / "limits"; }

int MachineOptions::workers() const { return thread_count(threads); }

void NetworkOptions::setup(CLI::App& app) {
  app.add_option("--backbone", backbone,
                 "network for the frames: xception, mini, or a file (.onnx, or an OpenVINO .xml)")
      ->capture_default_str();
  app.add_option("--mean", mean,
                 "of a network file: subtracted from red, green and blue, 0 to 255 (default: "
                 "ImageNet's, 123.675,116.28,103.53)");
  app.add_option("--scale", scale,
                 "of a network file: what the difference is divided by (default: ImageNet's, "
                 "58.395,57.12,57.375)");
  app.add_option("--input-layout", input_layout,
                 "of a network file: nchw, nhwc, or auto (default)");
  app.add_option("--feature", feature,
                 "of a network file: the tensor that holds the features, a vector or a map "
                 "(default: the last global average pooling, else the first output)");
}

void NetworkOptions::apply(backbone::BackboneOptions& options) const {
  if (backbone::is_network_file(backbone)) {
    backbone::NetworkFile file{.path = std::filesystem::absolute(backbone), .feature = feature};
    if (!mean.empty()) file.mean = backbone::rgb_values_from(mean, "--mean");
    if (!scale.empty()) file.scale = backbone::rgb_values_from(scale, "--scale");
    if (!input_layout.empty()) file.layout = backbone::input_layout_from(input_layout);
    options.file = std::move(file);
    return;
  }
  options.name = backbone::find_backbone(backbone).name;
  const std::pair<const char*, const std::string&> of_files[] = {{"--mean", mean},
                                                                 {"--scale", scale},
                                                                 {"--input-layout", input_layout},
                                                                 {"--feature", feature}};
  for (const auto& [name, value] : of_files) {
    if (value.empty()) continue;
    throw UsageError(
        format("{} is for networks of files (.onnx, .xml): {} takes frames in its "
               "own way",
               name, options.name));
  }
}

void add_device_option(CLI::App& app, std::string& device) {
  app.add_option("--device", device,
                 "where the network runs: an OpenVINO device, such as CPU or GPU, or cuda (cuda:1, "
                 "...): by LibTorch, fine-tuning too")
      ->capture_default_str();
}

void require_openvino(const features::ExtractOptions& options) {
  if (!options.backbone.engine) return;
  throw UsageError("this is measured in OpenVINO: leave --device cuda out");
}

void FeatureOptions::setup(CLI::App& app) {
  network.setup(app);
  add_precision_option(app, precision);
  add_device_option(app, device);
  app.add_option("--size", size, "side of the frames in pixels, 0 for the network's own")
      ->capture_default_str()
      ->check(CLI::Range(0, 100'000));
  app.add_option(
         "--pooling", pooling,
         "features of a frame: avg (over positions); motion: also weighted by where the frame "
         "moves; middle: also those of a map in the middle of the network; auto: "
         "avg,motion,middle, the last where there is one")
      ->capture_default_str();
  app.add_option("--frames", frames, "frames taken from a clip")
      ->capture_default_str()
      ->check(CLI::Range(1, 10'000));
  app.add_option("--sampling", sampling,
                 "which frames: uniform (over the clip), first, segment (uniform, drawn at "
                 "random in training) or dense (consecutive, from the middle)")
      ->capture_default_str();
  app.add_option("--stride", stride, "dense: take every so many-th frame")
      ->capture_default_str()
      ->check(CLI::Range(1, 10'000));
  app.add_option("--candidates", candidates, "segment: frames kept for each one drawn")
      ->capture_default_str()
      ->check(CLI::Range(1, 100));
  app.add_option("--fps", fps,
                 "sample from so many frames/s only (0: all); of folders of pictures: their rate")
      ->capture_default_str()
      ->check(CLI::Range(0.0, 1000.0));
  app.add_option("--crop", crop,
                 "which square of the picture: centre, motion (about what moves in the clip) or "
                 "auto (motion, but centre with --preprocess keras)")
      ->capture_default_str();
  app.add_option("--preprocess", preprocess,
                 "standard, or keras (the Keras example's crop and resize)")
      ->capture_default_str();
  app.add_option("--cache-dtype", cache_dtype,
                 "how features are kept: float32, or float16 at half the size")
      ->capture_default_str();
  app.add_option("--batch", batch,
                 "frames computed together, 0 for what suits the load (speed only)")
      ->capture_default_str()
      ->check(CLI::Range(0, 1024));
}

namespace {

struct PoolingChoice {
  std::string_view name;
  bool motion;
  bool middle;
};
constexpr PoolingChoice pooling_choices[] = {{"auto", true, true},
                                             {"avg", false, false},
                                             {"avg,motion", true, false},
                                             {"avg,middle", false, true},
                                             {"avg,motion,middle", true, true}};

void set_pooling(backbone::BackboneOptions& options, const std::string& pooling) {
  const auto* const chosen =
      std::find_if(std::begin(pooling_choices), std::end(pooling_choices),
                   [&](const PoolingChoice& choice) { return choice.name == pooling; });
  if (chosen == std::end(pooling_choices)) {
    throw UsageError(
        format("unknown pooling \"{}\": choose auto, avg, avg,motion, avg,middle or "
               "avg,motion,middle",
               pooling));
  }
  const bool has_middle = !options.file && backbone::find_backbone(options.name).has_middle;
  if (chosen->middle && !has_middle && pooling != "auto") {
    throw UsageError(
        format("--pooling {}: this network has no map in the middle that is pooled: choose avg{}",
               pooling, chosen->motion ? ",motion" : ""));
  }
  options.motion = chosen->motion;
  options.middle = chosen->middle && has_middle;
}

video::Crop crop_for(const std::string& crop, video::Preprocess preprocess) {
  if (crop != "auto") return video::crop_from(crop);
  return preprocess == video::Preprocess::keras ? video::Crop::centre : video::Crop::motion;
}

bool is_half(const std::string& dtype) {
  if (dtype != "float32" && dtype != "float16") {
    throw UsageError(format("unknown cache element type \"{}\": choose float32 or float16", dtype));
  }
  return dtype == "float16";
}

/// CPUs that this process may use.
int own_cpus() {
  cpu_set_t set;
  if (::sched_getaffinity(0, sizeof set, &set) == 0) return std::max(1, CPU_COUNT(&set));
  return static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
}

}  // namespace

features::ExtractOptions FeatureOptions::extract_options(const MachineOptions& machine) const {
  const video::Preprocess how = video::preprocess_from(preprocess);
  features::ExtractOptions options{.backbone = {.size = size,
                                                .precision = backbone::precision_from(precision),
                                                .batch = batch,
                                                .threads = machine.threads,
                                                .device = device,
                                                .compiled_cache = machine.compiled_cache(),
                                                .calibration_dir = machine.calibration_dir()},
                                   .clip = {.sampling = video::sampling_from(sampling),
                                            .frames = frames,
                                            .preprocess = how,
                                            .stride = stride,
                                            .candidates = candidates,
                                            .fps = fps,
                                            .crop = crop_for(crop, how)},
                                   .cache_dir = machine.feature_cache(),
                                   .limits = machine.limits,
                                   .half = is_half(cache_dtype),
                                   .limits_dir = machine.limits_dir()};
  network.apply(options.backbone);
  choose_device(options.backbone.device, options.backbone.engine);
  if (options.backbone.engine && options.backbone.precision == backbone::Precision::int8) {
    throw UsageError(format("int8 does not run on {}: choose --precision bf16 or f32", device));
  }
  set_pooling(options.backbone, pooling);
  if (const auto rank = rank_from_environment()) take_rank(options, *rank);
  return options;
}

void take_rank(features::ExtractOptions& options, const Rank& rank) {
  options.rank = rank.rank;
  options.ranks = rank.count;
  const bool bound = own_cpus() < static_cast<int>(std::thread::hardware_concurrency());
  // A launcher that binds each process to CPUs has divided them already.
  const int share =
      bound ? own_cpus() : std::max(1, own_cpus() / rank.local_count.value_or(rank.count));
  if (options.backbone.threads == 0) options.backbone.threads = share;
  if (options.decoders == 0) options.decoders = features::decoders_for(share);
}

void add_precision_option(CLI::App& app, std::string& precision) {
  app.add_option("--precision", precision, "arithmetic of the network: auto, f32, bf16 or int8")
      ->capture_default_str();
}

void add_clips_option(CLI::App& app, int& clips) {
  app.add_option("--clips", clips, "sequences taken from each clip and averaged")
      ->capture_default_str()
      ->check(CLI::Range(1, 1000));
}

void add_optional_flag(CLI::App& app, const std::string& names, std::optional<bool>& target,
                       const std::string& meaning) {
  app.add_flag_function(
      names, [&target](std::int64_t given) { target = given > 0; }, meaning);
}

void add_seed_option(CLI::App& app, std::uint64_t& seed, const std::string& meaning) {
  app.add_option("--seed", seed, meaning)->capture_default_str();
}

}  // namespace vidclass::cli
