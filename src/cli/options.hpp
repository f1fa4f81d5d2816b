// Options that several verbs share.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include <CLI/CLI.hpp>

#include "core/input.hpp"
#include "core/launcher.hpp"
#include "dataset/manifest.hpp"
#include "dataset/split.hpp"
#include "features/extractor.hpp"
#include "video/limits.hpp"

namespace vidclass::cli {

/// --start, --end: which part of each clip.
struct SpanOptions {
  double start = 0;
  std::optional<double> end;

  void setup(CLI::App& app);
  /// Throws UsageError if the span ends before it starts.
  void check() const;
};

/// DATA, --layout, --splits, --fold, --root, --labels, --start, --end; for verbs that make
/// splits also --split, --folds.
struct DataOptions {
  std::filesystem::path data;
  std::string layout;
  std::filesystem::path splits;
  std::filesystem::path root;
  std::filesystem::path label_names;
  std::optional<int> fold;
  std::string shares;
  std::optional<int> folds;
  SpanOptions span;  // of the clips that name none themselves

  void setup(CLI::App& app);
  /// Call after setup().
  void setup_made_splits(CLI::App& app);
  /// Of --folds without --fold, the number, which then no longer counts as given: for
  /// verbs that cross-validate. Call before open().
  [[nodiscard]] std::optional<int> take_cross_validation();
  [[nodiscard]] dataset::Manifest open() const;
  /// All that is read of the data set: its lists and its clips.
  [[nodiscard]] InputFiles files_of(const dataset::Manifest& manifest) const;
  /// How to make the splits that the data does not give. Throws UsageError.
  [[nodiscard]] dataset::SplitOptions split_options(std::uint64_t seed) const;
  /// Were splits asked for?
  [[nodiscard]] bool asks_for_splits() const { return !shares.empty() || folds.has_value(); }
};

/// --threads, --cache, --max-pixels, --max-duration, --max-stall.
struct MachineOptions {
  int threads = 0;
  std::filesystem::path cache;
  video::Limits limits;

  void setup(CLI::App& app);
  /// Features of clips: --cache, or a folder in the user's cache.
  [[nodiscard]] std::filesystem::path feature_cache() const;
  /// Networks as OpenVINO compiled them.
  [[nodiscard]] std::filesystem::path compiled_cache() const;
  /// Calibrations for int8.
  [[nodiscard]] std::filesystem::path calibration_dir() const;
  /// What this machine could do at most, as `bench precision` found.
  [[nodiscard]] std::filesystem::path limits_dir() const;
  /// Threads for work outside the networks: --threads, or one a CPU.
  [[nodiscard]] int workers() const;
};

/// --backbone, and for a network of a file --mean, --scale, --input-layout, --feature.
struct NetworkOptions {
  std::string backbone = "xception";
  std::string mean, scale, input_layout, feature;  // empty: not given

  void setup(CLI::App& app);
  /// Sets BackboneOptions::name or ::file. Throws UsageError.
  void apply(backbone::BackboneOptions& options) const;
};

/// NetworkOptions and --precision, --device, --size, --pooling, --frames, --sampling, --stride,
/// --candidates, --fps,
/// --crop, --preprocess, --batch, --cache-dtype.
struct FeatureOptions {
  NetworkOptions network;
  std::string precision = "auto";
  std::string device = "CPU";
  int size = 0;
  std::string pooling = "auto";
  int frames = 20;
  std::string sampling = "uniform";
  int stride = 1;
  int candidates = 3;
  double fps = 0;
  std::string crop = "auto";
  std::string preprocess = "standard";
  int batch = 0;
  std::string cache_dtype = "float32";

  void setup(CLI::App& app);
  [[nodiscard]] features::ExtractOptions extract_options(const MachineOptions& machine) const;
};

/// Lets this process be one of several that share the clips: where it begins, and its
/// share of this machine's threads unless a number was asked for.
void take_rank(features::ExtractOptions& options, const Rank& rank);

/// Adds --precision alone, for verbs that take the rest from a model.
void add_precision_option(CLI::App& app, std::string& precision);
/// For what is measured on the CPU: throws UsageError with --device cuda.
void require_openvino(const features::ExtractOptions& options);

/// Adds --device.
void add_device_option(CLI::App& app, std::string& device);
/// Adds --clips, for verbs that test.
void add_clips_option(CLI::App& app, int& clips);
/// A flag whose `target` stays empty unless it is given. (CLI11's own add_flag would count it, and
/// so make it false.)
void add_optional_flag(CLI::App& app, const std::string& names, std::optional<bool>& target,
                       const std::string& meaning);

void add_seed_option(CLI::App& app, std::uint64_t& seed, const std::string& meaning);

}  // namespace vidclass::cli
