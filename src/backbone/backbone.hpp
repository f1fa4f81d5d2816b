// A network that turns each frame into a vector of features.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "backbone/engine.hpp"
#include "backbone/network_file.hpp"
#include "backbone/pooling.hpp"
#include "backbone/precision.hpp"
#include "core/download.hpp"
#include "core/progress.hpp"
#include "core/safetensors.hpp"
#include "vidclass/hooks.hpp"
#include "vidclass/tensor.hpp"

namespace vidclass::backbone {

struct Calibration;

struct BackboneOptions {
  /// "xception" (ImageNet weights as Keras publishes them), "lite0" (EfficientNet-Lite0, its
  /// ImageNet weights built in) or "mini" (a filter bank; see docs/mini.md). Changes the features.
  std::string name = "xception";
  /// A network of a file, which takes the place of `name`. Changes the features.
  std::optional<NetworkFile> file{};
  /// Side of the frames in pixels; 0 means the network's own (xception 299,
  /// lite0 224, mini 64; a file's, where it takes but one). Changes the features.
  int size = 0;
  /// Changes the features a little (docs/extraction.md says how much).
  Precision precision = Precision::automatic;
  /// Compile the network with a second pooling, weighted by motion maps: see
  /// Backbone::pooled_features(). Leaves the plain average as it is.
  bool motion = false;
  /// Pool a map in the middle of the network, too, where it has one (BackboneInfo::middle_size):
  /// xception's, the output of block12; lite0's, what block 11 expands to. Motion maps are then of
  /// its finer grid. Leaves the plain average of the last map as it is.
  bool middle = false;
  /// With `middle`: throw UsageError where the network has no such map.
  bool needs_middle = false;
  /// Compile the network so that cell_features() can be asked for. Leaves the rest as it is.
  bool cells = false;
  /// Frames computed together; 0: what suits the load (Load). Affects speed only.
  int batch = 0;
  /// CPU threads; 0 means all. Affects speed only.
  int threads = 0;
  /// An OpenVINO device, such as "GPU". Others than the CPU round in their own way, so that
  /// their features have cache entries of their own.
  std::string device = "CPU";
  /// Runs the network in the place of OpenVINO, `device` being no more than part of the cache key;
  /// `automatic` is then bf16. Null: OpenVINO.
  MakeEngine engine{};
  /// Where compiled networks are kept between runs; empty: nowhere. Affects
  /// start-up time only.
  std::filesystem::path compiled_cache{};
  /// For int8: the calibration to use, or else where one is kept between runs
  /// (calibration_path()). Changes int8's features.
  std::shared_ptr<const Calibration> calibration{};
  std::filesystem::path calibration_dir{};
  /// Weights of a fine-tuned Xception that take the place of the published ones, by
  /// the same names and in the same shapes (see PreparedBackbone::weights); null:
  /// none. Changes the features.
  std::shared_ptr<const NamedTensors> tuned{};
};

struct BackboneInfo {
  /// "xception", "lite0", "mini", or the name of the file without its folder.
  std::string name;
  std::size_t feature_size = 0;          // D
  int size = 0;                          // side of the frames in pixels
  Precision precision = Precision::f32;  // never `automatic`
  /// SHA-256 over the graph's version and the weights' values: equal for networks
  /// that compute the same features.
  std::string fingerprint;
  /// Side of the last map in cells; 0 for a network of a file whose features are not an average
  /// over a map.
  int map_size = 0;
  /// M, features of the map in the middle; 0 where it is not pooled (BackboneOptions::middle).
  std::size_t middle_size = 0;
  /// Side of motion maps in cells: that of the map in the middle if it is pooled, else map_size.
  int motion_map_size = 0;
  /// What else changes the numbers of this precision: how weights are rounded, and
  /// for int8 the digest of the calibration; a device that is not the CPU. Empty for f32 and bf16
  /// on the CPU.
  std::string arithmetic{};
  /// What int8 runs with; null for other precisions.
  std::shared_ptr<const Calibration> calibration{};
  /// With layout and feature as they were found; empty for the built-in networks.
  std::optional<NetworkFile> file{};
};

/// A network known by name.
struct KnownBackbone {
  std::string name;
  std::string description;
  std::size_t feature_size = 0;  // D
  int default_size = 0;          // side of the frames in pixels
  int smallest_size = 0;
  /// M, channels of the map in the middle; 0 for a network without one that is pooled.
  std::size_t middle_size = 0;
  /// Where the weights are published; null: they are part of this library, or there are none.
  const PublishedFile* file = nullptr;
  bool tunable = false;  // by fine-tuning
};
[[nodiscard]] std::vector<KnownBackbone> known_backbones();
/// Throws UsageError naming the known ones.
[[nodiscard]] KnownBackbone find_backbone(const std::string& name);

/// A network whose weights are read and known, but which is not compiled yet:
/// enough to look features up in a cache. One thread at a time.
class PreparedBackbone {
public:
  /// Finds the weights, downloading them if need be (`progress`, `cancel`), and
  /// reads them. Throws UsageError for options out of range, Error where weights,
  /// the tuned ones too, are missing or wrong, Cancelled.
  explicit PreparedBackbone(const BackboneOptions& options, const ProgressFunction& progress = {},
                            const CancellationToken& cancel = {});
  ~PreparedBackbone();
  PreparedBackbone(PreparedBackbone&&) noexcept;
  PreparedBackbone& operator=(PreparedBackbone&&) noexcept;
  PreparedBackbone(const PreparedBackbone&) = delete;
  PreparedBackbone& operator=(const PreparedBackbone&) = delete;

  [[nodiscard]] const BackboneInfo& info() const noexcept;
  [[nodiscard]] const BackboneOptions& options() const noexcept;
  /// Xception's are under "<layer>/<weight>" in Keras's shapes, tuned ones included:
  /// "block14_sepconv1/pointwise_kernel" [1, 1, 1024, 1536] and so on; the four
  /// convolutions beside the residual blocks are called block2_res, block3_res,
  /// block4_res and block13_res. Those of lite0 have the names and shapes of their file. Empty for
  /// `mini` and networks of files.
  [[nodiscard]] const NamedTensors& weights() const noexcept;

  /// Is it to run in int8, and no calibration was given or found?
  [[nodiscard]] bool needs_calibration() const noexcept;
  /// Does nothing for precisions but int8. Throws Error if it is of another network or
  /// another frame size.
  void set_calibration(std::shared_ptr<const Calibration> calibration);

  /// Frees what they take. Nothing can be compiled of it any more.
  void release_weights() noexcept;

  struct Impl;
  [[nodiscard]] const Impl& impl() const noexcept { return *impl_; }

private:
  std::unique_ptr<Impl> impl_;
};

/// What each position adds to the plain averages of a frame.
struct CellFeatures {
  Tensor last{};    // float32 [N, g * g, D] of the last map, row by row
  Tensor middle{};  // float32 [N, h * h, M] of the map in the middle; empty where it is not pooled
};

/// What a network is compiled for. Changes nothing but the time.
enum class Load {
  few_frames,   // all threads work on one batch: the first features come soonest
  many_frames,  // batches side by side: the most frames a second
};

/// A compiled network. One thread at a time.
class Backbone {
public:
  /// Makes the network ready to run. Throws Error if OpenVINO cannot compile it, and where
  /// int8 lacks its calibration; what BackboneOptions::engine throws.
  explicit Backbone(const PreparedBackbone& prepared, Load load = Load::few_frames);
  /// The same with less memory: lets go of the weights before it compiles.
  explicit Backbone(PreparedBackbone&& prepared, Load load = Load::few_frames);
  /// Prepares and compiles. Throws as both do.
  explicit Backbone(const BackboneOptions& options) : Backbone(PreparedBackbone(options)) {}
  ~Backbone();
  Backbone(Backbone&&) noexcept;
  Backbone& operator=(Backbone&&) noexcept;
  Backbone(const Backbone&) = delete;
  Backbone& operator=(const Backbone&) = delete;

  [[nodiscard]] const BackboneInfo& info() const noexcept;

  /// uint8 frames [N, size, size, 3] (RGB, 0..255) to float32 [N, D], the average
  /// over positions of the network's last map (for `mini`: see docs/mini.md). The
  /// network itself maps 0..255 to -1..1. Throws Error on another shape.
  [[nodiscard]] Tensor features(const Tensor& frames);
  /// The same, of the map in the middle too if it is pooled, and the averages weighted by
  /// `motion`, float32 [N, g, g] with g the network's motion_map_size, each map summing to 1
  /// (video::SampledClip::motion). Throws Error on another shape, or if the network was compiled
  /// without motion.
  [[nodiscard]] PooledFeatures pooled_features(const Tensor& frames, const Tensor& motion);
  /// uint8 frames [N, size, size, 3] to what each position adds to the averages, which it sums
  /// to. (For `mini`, whose features belong to positions: those of the position, and 0 for the
  /// others.) Throws Error on another shape, or if the network was compiled without cells.
  [[nodiscard]] CellFeatures cell_features(const Tensor& frames);

private:
  friend class FeaturePipeline;
  void take(std::unique_ptr<Engine> engine, const PreparedBackbone& prepared);

  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace vidclass::backbone
