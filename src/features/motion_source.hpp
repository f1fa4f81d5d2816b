// What is known of how clips move, wherever it lies.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "features/cache.hpp"
#include "motion/cuboids.hpp"

namespace vidclass::features {

/// One clip's at a time. All members may be called from any thread.
class MotionSource {
public:
  virtual ~MotionSource() = default;
  [[nodiscard]] virtual std::size_t size() const noexcept = 0;  // clips
  /// Throws Error where they cannot be read.
  [[nodiscard]] virtual motion::Description description(std::size_t clip) const = 0;
};

/// In memory.
class KeptMotion final : public MotionSource {
public:
  /// `clips`: as motion::to_arrays() makes them.
  explicit KeptMotion(std::vector<std::shared_ptr<const NamedTensors>> clips)
      : clips_(std::move(clips)) {}

  [[nodiscard]] std::size_t size() const noexcept override { return clips_.size(); }
  [[nodiscard]] motion::Description description(std::size_t clip) const override;

private:
  std::vector<std::shared_ptr<const NamedTensors>> clips_;
};

/// Read from the cache's entries whenever they are asked for.
class StoredMotion final : public MotionSource {
public:
  /// `keys`: the entry of each clip.
  StoredMotion(FeatureCache cache, std::vector<std::string> keys)
      : cache_(std::move(cache)), keys_(std::move(keys)) {}

  [[nodiscard]] std::size_t size() const noexcept override { return keys_.size(); }
  [[nodiscard]] motion::Description description(std::size_t clip) const override;

private:
  FeatureCache cache_;
  std::vector<std::string> keys_;
};

}  // namespace vidclass::features
