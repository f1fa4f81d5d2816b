// From clips to arrays of features.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "vidclass/clip.hpp"
#include "vidclass/export.hpp"
#include "vidclass/hooks.hpp"
#include "vidclass/options.hpp"
#include "vidclass/tensor.hpp"

namespace vidclass {

struct ClipFeatures {
  /// Float32 [T, W]: T frames in order of time, and of each the vectors that
  /// FeatureOptions::pooling names, side by side. Empty if the clip is unusable.
  Tensor values;
  /// T values: when each frame is shown, in seconds after the file's first one.
  std::vector<double> times;
  std::string error;  // why the clip is unusable, else empty
};

/// Values of a frame that were pooled alike: "avg", "motion", "middle" or "middle_motion".
struct FeatureBlock {
  std::string pooling;
  std::size_t width = 0;
};

/// A network for frames, behind a cache on disk (MachineOptions::cache; by default that of the
/// program). One thread at a time; several may work at once, on one cache, too.
class VIDCLASS_EXPORT FeatureExtractor {
public:
  /// Finds the network and its weights; it is made ready to run only when a clip is not in the
  /// cache. Throws UsageError for options that do not go together, Error where weights are missing.
  explicit FeatureExtractor(const FeatureOptions& options = {}, const MachineOptions& machine = {},
                            const Hooks& hooks = {});
  /// One that keeps nothing and looks nothing up; MachineOptions::cache is not read.
  [[nodiscard]] static FeatureExtractor without_cache(const FeatureOptions& options = {},
                                                      const MachineOptions& machine = {},
                                                      const Hooks& hooks = {});
  ~FeatureExtractor();
  FeatureExtractor(FeatureExtractor&&) noexcept;
  FeatureExtractor& operator=(FeatureExtractor&&) noexcept;
  FeatureExtractor(const FeatureExtractor&) = delete;
  FeatureExtractor& operator=(const FeatureExtractor&) = delete;

  /// W, features of a frame.
  [[nodiscard]] std::size_t width() const noexcept;
  /// What these are, in their order.
  [[nodiscard]] std::vector<FeatureBlock> blocks() const;

  /// Float32 [T, W]. Throws ClipError with the reason if the clip cannot be used.
  [[nodiscard]] Tensor extract(const ClipSource& clip);
  /// One element a clip, in the order given; several clips are decoded at once while the network
  /// runs. Unusable clips have an error. Throws Cancelled, Error where the cache cannot be written.
  [[nodiscard]] std::vector<ClipFeatures> extract(std::span<const ClipSource> clips,
                                                  const Hooks& hooks = {});

private:
  struct Impl;
  explicit FeatureExtractor(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace vidclass
