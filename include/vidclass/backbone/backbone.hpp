// A network that turns each frame into a vector of features.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "vidclass/backbone/precision.hpp"
#include "vidclass/core/cancellation.hpp"
#include "vidclass/core/progress.hpp"
#include "vidclass/core/tensor.hpp"

namespace vidclass::backbone {

struct BackboneOptions {
  /// "xception" (ImageNet weights as Keras publishes them) or "mini" (built in,
  /// no weights needed; see docs/mini.md). Changes the features.
  std::string name = "xception";
  /// Side of the frames in pixels; 0 means the network's own (xception 299,
  /// mini 64). Xception takes 71 and more. Changes the features.
  int size = 0;
  /// Changes the features a little (cosine to f32 above 0.9995 for bf16).
  Precision precision = Precision::automatic;
  /// Frames computed together. Affects speed only.
  int batch = 4;
  /// CPU threads; 0 means all. Affects speed only.
  int threads = 0;
  /// Where compiled networks are kept between runs; empty: nowhere. Affects
  /// start-up time only.
  std::filesystem::path compiled_cache;
};

struct BackboneInfo {
  std::string name;
  std::size_t feature_size = 0;          // D
  int size = 0;                          // side of the frames in pixels
  Precision precision = Precision::f32;  // never `automatic`
  /// SHA-256 over the graph's version and the weights' values: equal for networks
  /// that compute the same features.
  std::string fingerprint;
};

/// A network known by name.
struct KnownBackbone {
  std::string name;
  std::string description;
  std::size_t feature_size = 0;
  int default_size = 0;
  bool needs_weights = false;
};
[[nodiscard]] std::vector<KnownBackbone> known_backbones();
/// Throws UsageError naming the known ones.
[[nodiscard]] KnownBackbone find_backbone(const std::string& name);

/// A network whose weights are read and known, but which is not compiled yet:
/// enough to look features up in a cache. One thread at a time.
class PreparedBackbone {
public:
  /// Finds the weights, downloading them if need be (`progress`, `cancel`), and
  /// reads them. Throws UsageError for options out of range, Error where weights
  /// are missing or wrong, Cancelled.
  explicit PreparedBackbone(const BackboneOptions& options, const ProgressFunction& progress = {},
                            const CancellationToken& cancel = {});
  ~PreparedBackbone();
  PreparedBackbone(PreparedBackbone&&) noexcept;
  PreparedBackbone& operator=(PreparedBackbone&&) noexcept;
  PreparedBackbone(const PreparedBackbone&) = delete;
  PreparedBackbone& operator=(const PreparedBackbone&) = delete;

  [[nodiscard]] const BackboneInfo& info() const noexcept;

private:
  friend class Backbone;
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// A compiled network. One thread at a time.
class Backbone {
public:
  /// Compiles the network for the CPU. Throws Error if OpenVINO cannot.
  explicit Backbone(const PreparedBackbone& prepared);
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

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace vidclass::backbone
