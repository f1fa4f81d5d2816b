#include "cli/options.hpp"

#include <utility>

#include "core/format.hpp"
#include "core/input.hpp"
#include "pipeline/torch_library.hpp"
#include "vidclass/error.hpp"

namespace vidclass::cli {

CLI::Option* add_optional_flag(CLI::App& app, const std::string& names, std::optional<bool>& target,
                               const std::string& meaning) {
  return app.add_flag_function(
      names, [&target](std::int64_t given) { target = given > 0; }, meaning);
}

CLI::Option* add_seed_option(CLI::App& app, std::uint64_t& seed, const std::string& meaning) {
  return app.add_option("--seed", seed, meaning)->capture_default_str();
}

void add_former(CLI::App& app, const std::string& name, const std::string& now) {
  app.add_option_function<std::string>(
         name,
         [name, now](const std::string&) { throw UsageError(format("{} is now {}", name, now)); })
      ->group("");
}

void add_span_options(CLI::App& app, double& start, std::optional<double>& end) {
  constexpr double longest = 1e9;
  app.add_option("--start", start, "leave out what is before, in seconds after the first frame")
      ->capture_default_str()
      ->group(group::rare_data)
      ->check(CLI::Range(0.0, longest));
  app.add_option("--end", end,
                 "leave out what is from there on, in seconds (default: the clip's end)")
      ->group(group::rare_data)
      ->check(CLI::Range(0.0, longest));
}

void DataOptions::setup(CLI::App& app) {
  app.add_option("DATA", request.data,
                 "a data set: a folder with one sub-folder a class, a folder with the lists of "
                 "UCF101, HMDB51, Kinetics or MMAction2, a list, or a CSV path,label[,...]")
      ->required();
  add_choice(app, "--layout", request.open.layout, dataset::layout_from, "recognised",
             "folders, ucf101, hmdb51, kinetics, lists or csv")
      ->group(group::rare_data);
  app.add_option("--splits", request.open.splits,
                 "folder of the split lists, or one list (default: looked for in DATA)")
      ->group(group::data);
  app.add_option("--root", request.open.root,
                 "folder that listed paths are relative to (default: looked for)")
      ->group(group::rare_data);
  app.add_option("--labels", request.open.label_names,
                 "file that names the labels of numbered lists (default: looked for)")
      ->group(group::rare_data);
  add_optional_flag(app, "--split-folders,!--class-folders", request.open.split_folders,
                    "folders named train, val, test and the like are splits, or else are classes "
                    "(default: told by what is in them and beside them)")
      ->group(group::rare_data);
  app.add_option("--encoding", request.open.encoding,
                 "of names and lists that are not UTF-8: latin1, cp1252, gbk, ... (iconv -l)")
      ->group(group::rare_data);
  app.add_option("--fold", fold_, "which of the split lists")
      ->default_str(std::to_string(request.open.fold))
      ->group(group::data)
      ->check(CLI::Range(1, 99));
  add_span_options(app, request.start, request.end);
}

void DataOptions::setup_made_splits(CLI::App& app) {
  add_choice(
      app, "--groups", request.groups, pipeline::groups_from, pipeline::to_string(request.groups),
      "clips that made splits keep together: given (what DATA says), found (scenes that they "
      "look like) or none; auto is given, and found where DATA gives none")
      ->group(group::data);
  const dataset::SplitOptions defaults;
  const auto percent = [](double share) { return format("{:.0f}", share * 100); };
  auto* of_shares =
      app.add_option("--split", shares_,
                     "shares of train/val/test where DATA gives no splits: 70/15/15, or 80/20 with "
                     "val out of the 80")
          ->default_str(percent(1 - defaults.validation - defaults.test) + "/" +
                        percent(defaults.validation) + "/" + percent(defaults.test))
          ->group(group::data);
  app.add_option("--folds", folds_,
                 "cut DATA in so many parts and test on the one that --fold names; without --fold, "
                 "train and tune cross-validate: they leave each of so many parts of the training "
                 "and validation clips out in turn, whole groups together")
      ->check(CLI::Range(2, 99))
      ->group(group::data)
      ->excludes(of_shares);
}

std::optional<int> DataOptions::take_cross_validation() {
  return fold_ ? std::nullopt : std::exchange(folds_, std::nullopt);
}

dataset::SplitOptions DataOptions::split_options(std::uint64_t seed) const {
  dataset::SplitOptions options;
  if (!shares_.empty()) options = dataset::split_shares_from(shares_);
  options.seed = seed;
  if (!folds_) return options;
  if (!fold_) throw UsageError("--folds needs --fold: which of them is the test set");
  if (*fold_ > *folds_) {
    throw UsageError(format("--fold {} is beyond the {} folds", *fold_, *folds_));
  }
  options.fold = dataset::Fold{*fold_, *folds_};
  return options;
}

pipeline::DataRequest DataOptions::data() const {
  pipeline::DataRequest data = request;
  // With --folds, --fold tells of a fold that is made.
  if (fold_ && !folds_) data.open.fold = *fold_;
  return data;
}

void add_overwrite_option(CLI::App& app, bool& overwrite) {
  app.add_flag("--overwrite", overwrite,
               "replace files that are there already, also such as vidclass did not write")
      ->group(group::output);
}

void add_machine_options(CLI::App& app, MachineOptions& machine, const std::string& cache) {
  app.add_option("--threads", machine.threads, "CPU threads, 0 for all")
      ->capture_default_str()
      ->group(group::machine)
      ->check(CLI::Range(0, 1024));
  if (!cache.empty()) app.add_option("--cache", machine.cache, cache)->group(group::machine);
  app.add_option("--max-pixels", machine.limits.max_pixels, "refuse clips of larger frames")
      ->capture_default_str()
      ->group(group::decoding)
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{1} << 30));
  app.add_option("--max-duration", machine.limits.max_duration, "refuse clips of more seconds")
      ->capture_default_str()
      ->group(group::decoding)
      ->check(CLI::PositiveNumber);
  app.add_option("--max-stall", machine.limits.max_stall,
                 "give a clip up when it gives no frame for so many seconds")
      ->capture_default_str()
      ->group(group::decoding)
      ->check(CLI::PositiveNumber);
  app.add_option("--allow-codec", machine.limits.allow_codecs,
                 "decode this codec too, by FFmpeg's name; may be given several times")
      ->group(group::decoding)
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->type_name("NAME");
}

void ClassifierFlags::setup(CLI::App& app) {
  add_choice(app, "--precision", precision, backbone::precision_from,
             backbone::to_string(precision), "arithmetic of the network: auto, f32, bf16 or int8")
      ->group(group::backbone);
  app.add_option("--device", device,
                 "where the network runs: an OpenVINO device, such as CPU or GPU, or cuda (cuda:1, "
                 "...): by LibTorch")
      ->capture_default_str()
      ->group(group::rare_backbone);
  app.add_option("--network", network,
                 "where the model's network for frames is now, if that is a file (.onnx, .xml)")
      ->group(group::rare_backbone);
}

classify::ClassifierOptions ClassifierFlags::options(const MachineOptions& machine) const {
  if (!network.empty()) require_input(network, "the model's network (.onnx or .xml)");
  classify::ClassifierOptions options{.precision = precision,
                                      .network = network,
                                      .threads = machine.threads,
                                      .limits = machine.limits,
                                      .compiled_cache = pipeline::compiled_cache(),
                                      .calibration_dir = pipeline::calibration_dir()};
  pipeline::set_device(device, options.device, options.engine);
  return options;
}

void add_checkpoint_options(CLI::App& app, train::CheckpointOptions& checkpoints) {
  app.add_flag("--resume", checkpoints.resume,
               "go on from the checkpoints beside the model file, if there are any")
      ->group(group::output);
  app.add_option("--checkpoint-seconds", checkpoints.seconds,
                 "keep the state this often, for --resume")
      ->capture_default_str()
      ->group(group::rare_output)
      ->check(CLI::Range(0.0, 1e9));
  app.add_option("--checkpoint-epochs", checkpoints.epochs,
                 "and after every so many epochs (0: by time alone)")
      ->capture_default_str()
      ->group(group::rare_output)
      ->check(CLI::Range(0, 1'000'000));
}

void add_clips_option(CLI::App& app, int& clips) {
  app.add_option("--clips", clips, "sequences taken from each clip and averaged")
      ->capture_default_str()
      ->group(group::frames)
      ->check(CLI::Range(1, 1000));
}

}  // namespace vidclass::cli
