// Options that several commands share, bound to the structs of the library: every default that
// --help shows is read from these.
//
// A group whose name begins with "+" is shown by --help-all only.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include <CLI/CLI.hpp>

#include "classify/classifier.hpp"
#include "pipeline/data.hpp"
#include "pipeline/feature_options.hpp"
#include "pipeline/train.hpp"
#include "vidclass/options.hpp"

namespace vidclass::cli {

/// Names of groups, in the order of --help.
namespace group {
inline constexpr const char* data = "Data";
inline constexpr const char* rare_data = "+Data, seldom needed";
inline constexpr const char* backbone = "Backbone";
inline constexpr const char* rare_backbone = "+Backbone, seldom needed";
inline constexpr const char* frames = "Frames";
inline constexpr const char* rare_frames = "+Frames, seldom needed";
inline constexpr const char* head = "Head";
inline constexpr const char* optimiser = "+Optimiser";
inline constexpr const char* finetuning = "+Fine-tuning";
inline constexpr const char* decoding = "+Decoding limits";
inline constexpr const char* output = "Output";
inline constexpr const char* rare_output = "+Output, seldom needed";
inline constexpr const char* server = "Server";
inline constexpr const char* bounds = "+Bounds of requests";
inline constexpr const char* machine = "Machine";
}  // namespace group

/// An option that takes one of several names. `from` reads a name, throwing UsageError that lists
/// the choices; `shown`: the default.
template <typename Value, typename From>
CLI::Option* add_choice(CLI::App& app, const std::string& name, Value& value, From from,
                        std::string_view shown, const std::string& meaning) {
  return app
      .add_option_function<std::string>(
          name, [&value, from](const std::string& given) { value = from(given); }, meaning)
      ->type_name("NAME")
      ->default_str(std::string(shown));
}

/// --start, --end: which part of each clip.
void add_span_options(CLI::App& app, double& start, std::optional<double>& end);

/// A data set and how it is split.
struct DataOptions {
  pipeline::DataRequest request;

  /// DATA, --layout, --splits, --fold, --root, --labels, --split-folders, --class-folders,
  /// --encoding, --start, --end.
  void setup(CLI::App& app);
  /// Also --groups, --split, --folds. Call after setup().
  void setup_made_splits(CLI::App& app);
  /// As given, with the fold of given lists.
  [[nodiscard]] pipeline::DataRequest data() const;
  /// Of --folds without --fold, the number, which then no longer counts as given: for
  /// commands that cross-validate. Call before the others.
  [[nodiscard]] std::optional<int> take_cross_validation();
  /// How to make the splits that the data does not give. Throws UsageError.
  [[nodiscard]] dataset::SplitOptions split_options(std::uint64_t seed) const;
  /// Were splits asked for?
  [[nodiscard]] bool asks_for_splits() const { return !shares_.empty() || folds_.has_value(); }

private:
  std::optional<int> fold_;
  std::string shares_;
  std::optional<int> folds_;
};

/// --overwrite, for commands that write files.
void add_overwrite_option(CLI::App& app, bool& overwrite);
/// --threads, --cache, --max-pixels, --max-duration, --max-stall, --allow-codec. `cache`: what
/// --cache means here; empty: there is none.
void add_machine_options(
    CLI::App& app, MachineOptions& machine,
    const std::string& cache = "folder of the feature cache (default: in the user's cache folder)");
/// All that changes features: of the network and of the frames.
void add_feature_options(CLI::App& app, FeatureOptions& features);

/// --precision, --device, --network: how a model's network for frames runs. The rest of it is the
/// model's own.
struct ClassifierFlags {
  Precision precision = classify::ClassifierOptions{}.precision;
  std::string device = classify::ClassifierOptions{}.device;
  std::filesystem::path network;

  void setup(CLI::App& app);
  /// With the machine's threads, limits and folders; without a feature cache. Throws UsageError.
  [[nodiscard]] classify::ClassifierOptions options(const MachineOptions& machine) const;
};

/// "appearance", "motion" or "appearance,motion". Throws UsageError naming the choices.
[[nodiscard]] features::Streams streams_from(const std::string& name);

/// --head and how it is trained.
void add_head_options(CLI::App& app, pipeline::HeadRequest& head);

/// --finetune and the options whose names begin so.
class FinetuneFlags {
public:
  void setup(CLI::App& app);
  /// Empty without --finetune. Throws UsageError for options without it.
  [[nodiscard]] std::optional<pipeline::FinetuneRequest> request(const std::string& device) const;

private:
  bool wanted_ = false;
  pipeline::FinetuneRequest request_;
};

/// --resume, --checkpoint-seconds, --checkpoint-epochs.
void add_checkpoint_options(CLI::App& app, train::CheckpointOptions& checkpoints);
/// --clips, for commands that test.
void add_clips_option(CLI::App& app, int& clips);
/// A flag whose `target` stays empty unless it is given. (CLI11's own add_flag would count it, and
/// so make it false.)
CLI::Option* add_optional_flag(CLI::App& app, const std::string& names, std::optional<bool>& target,
                               const std::string& meaning);
CLI::Option* add_seed_option(CLI::App& app, std::uint64_t& seed, const std::string& meaning);

/// A former spelling, which answers with the new one.
void add_former(CLI::App& app, const std::string& name, const std::string& now);

}  // namespace vidclass::cli
