// Features read from disk whenever they are asked for.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "core/feature_source.hpp"
#include "core/safetensors.hpp"
#include "features/cache.hpp"

namespace vidclass::features {

/// Maps a clip's entry into memory for as long as it takes to copy it, so that a
/// data set of any size needs the memory of the clips in use alone; the system's
/// page cache keeps the rest near while it has room.
class StoredFeatures final : public FeatureSource {
public:
  /// What is wanted of an entry, as float32 [T, W].
  using Choose = std::function<Tensor(NamedTensors entry)>;

  /// `keys`: the entry of each clip.
  StoredFeatures(FeatureCache cache, std::vector<std::string> keys, Choose choose);

  [[nodiscard]] std::size_t size() const noexcept override { return keys_.size(); }
  /// Throws Error naming the entry if it has gone from the cache.
  [[nodiscard]] std::shared_ptr<const Tensor> features(std::size_t clip) const override;

private:
  FeatureCache cache_;
  std::vector<std::string> keys_;
  Choose choose_;
};

/// The same for feature arrays that were made elsewhere (core/feature_array.hpp).
class ArrayFiles final : public FeatureSource {
public:
  explicit ArrayFiles(std::vector<std::filesystem::path> files) : files_(std::move(files)) {}

  [[nodiscard]] std::size_t size() const noexcept override { return files_.size(); }
  /// Throws ClipError if the file can no longer be read.
  [[nodiscard]] std::shared_ptr<const Tensor> features(std::size_t clip) const override;

private:
  std::vector<std::filesystem::path> files_;
};

}  // namespace vidclass::features
