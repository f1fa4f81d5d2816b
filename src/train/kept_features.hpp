// Features made from others, kept for all the epochs that read them.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <mutex>
#include <vector>

#include "core/feature_source.hpp"

namespace vidclass::train {

/// Where features are kept that a training makes of its clips' features.
struct Room {
  std::size_t most_in_memory = 256'000'000;  // bytes
  /// For the file that holds what is more, which has no name and is gone when the training is;
  /// empty: the system's folder for such files.
  std::filesystem::path dir{};
};

class ScratchFile;

/// Collects clips, float32, in any order: in memory or, once they are more than fit, all in a file.
/// add() may be called from several threads at the same time.
class FeatureKeeper {
public:
  FeatureKeeper(std::size_t clips, Room room);
  ~FeatureKeeper();

  /// Throws Error naming the folder if the file cannot be written.
  void add(std::size_t clip, Tensor features);
  /// All of them; each clip must have been added.
  [[nodiscard]] std::shared_ptr<const FeatureSource> finish();

private:
  Room room_;
  std::mutex mutex_;
  std::size_t bytes_ = 0;
  std::vector<std::shared_ptr<const Tensor>> kept_;
  std::shared_ptr<ScratchFile> file_;
};

}  // namespace vidclass::train
