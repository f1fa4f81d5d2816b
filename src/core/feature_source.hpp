// Features of clips, wherever they lie.
#pragma once

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "vidclass/tensor.hpp"

namespace vidclass {

/// Float32 [T_i, W] for each clip i, one clip at a time, so that who reads them need
/// not hold them all. All members may be called from any thread.
class FeatureSource {
public:
  virtual ~FeatureSource() = default;

  /// Number of clips.
  [[nodiscard]] virtual std::size_t size() const noexcept = 0;
  /// Never null, and valid for as long as the caller keeps it. A source on disk
  /// reads it anew with every call, and throws Error where it cannot.
  [[nodiscard]] virtual std::shared_ptr<const Tensor> features(std::size_t clip) const = 0;
};

/// All in memory: features() costs nothing.
class MemoryFeatures final : public FeatureSource {
public:
  MemoryFeatures() = default;
  explicit MemoryFeatures(std::vector<std::shared_ptr<const Tensor>> clips)
      : clips_(std::move(clips)) {}

  [[nodiscard]] std::size_t size() const noexcept override { return clips_.size(); }
  [[nodiscard]] std::shared_ptr<const Tensor> features(std::size_t clip) const override {
    return clips_.at(clip);
  }

private:
  std::vector<std::shared_ptr<const Tensor>> clips_;
};

/// Some of the clips of another source, in an order of their own.
class FeatureSubset final : public FeatureSource {
public:
  FeatureSubset(std::shared_ptr<const FeatureSource> all, std::vector<std::size_t> clips)
      : all_(std::move(all)), clips_(std::move(clips)) {}

  [[nodiscard]] std::size_t size() const noexcept override { return clips_.size(); }
  [[nodiscard]] std::shared_ptr<const Tensor> features(std::size_t clip) const override {
    return all_->features(clips_.at(clip));
  }

private:
  std::shared_ptr<const FeatureSource> all_;
  std::vector<std::size_t> clips_;
};

}  // namespace vidclass
