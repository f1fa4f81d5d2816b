// Activations at the cut below which a network is frozen, kept on disk, so that
// training the layers after it costs little more than their own work.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string_view>

#include "backbone/frozen_layers.hpp"
#include "core/progress.hpp"
#include "features/extractor.hpp"
#include "features/settings.hpp"
#include "vidclass/hooks.hpp"

namespace vidclass::features {

/// Which way round a clip's frames are.
enum class Mirror {
  none,
  left_right,  // every frame mirrored before it enters the network
};

inline constexpr const char* activation_folder = "activations";

/// Of an entry (ActivationExtractor::Consumer). Throws Error with what is wrong with it.
void check_activations(const std::filesystem::path& entry);

struct ActivationOptions {
  /// Precision::int8 stands for `automatic`: what is trained is trained unquantised.
  backbone::BackboneOptions backbone;
  /// `clip.size` and `clip.motion_grid` are set as Extractor does.
  video::ClipSettings clip;
  backbone::TunedBlocks blocks = backbone::TunedBlocks::block14;
  /// The feature cache's folder; the entries lie in its sub-folder activation_folder.
  std::filesystem::path cache_dir;
  /// Clips decoded at the same time; 0: decoders_for() all CPUs. Speed only.
  int decoders = 0;
  video::Limits limits = {};
};

/// What an entry is keyed by: cache_key() of these settings names it.
[[nodiscard]] FeatureSettings activation_settings(const FeatureSettings& settings,
                                                  backbone::TunedBlocks blocks, Mirror mirror);

/// One thread at a time.
class ActivationExtractor {
public:
  /// Finds the weights; the frozen layers are compiled only when an entry is missing.
  /// Throws UsageError where there is no cache folder or the network cannot be cut.
  explicit ActivationExtractor(const ActivationOptions& options,
                               const ProgressFunction& progress = {},
                               const CancellationToken& cancel = {});
  ~ActivationExtractor();
  ActivationExtractor(const ActivationExtractor&) = delete;
  ActivationExtractor& operator=(const ActivationExtractor&) = delete;

  [[nodiscard]] const backbone::PreparedBackbone& network() const noexcept;

  /// `entry` is a safetensors file, whole: "activations", float16 [T, height, width,
  /// channels] (TunedBlocks::all: uint8 [T, size, size, 3]); "features",
  /// float32 [T, P D], those of the network as it is (joined_poolings()); "times", float64
  /// [T]; with BackboneOptions::motion "motion_map", float32 [T, g, g].
  using Consumer = std::function<void(std::size_t index, const std::filesystem::path& entry)>;

  /// Computes what is not in the cache, then calls `consumer` once for each usable
  /// clip in the order given. Each finished clip is in the cache at once. Clips that
  /// cannot be used are collected in the report. Throws Cancelled, Error where the
  /// cache cannot be written.
  ExtractReport extract(std::span<const video::ClipSource> clips, Mirror mirror,
                        const Consumer& consumer, const ProgressFunction& progress = {},
                        const CancellationToken& cancel = {});

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace vidclass::features
