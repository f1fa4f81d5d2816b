// Reaching the training library, which is loaded only when something is trained.
#pragma once

#include "vidclass/train/train.hpp"

namespace vidclass::cli {

class TrainLibrary {
public:
  /// Loads libvidclass_train from beside the program. Throws Error saying what to
  /// do where it is missing or its libraries are.
  TrainLibrary();

  [[nodiscard]] train::TrainResult train_heads(const train::LabelledFeatures& train,
                                               const train::LabelledFeatures& validation,
                                               const train::TrainOptions& options,
                                               const ProgressFunction& progress,
                                               const CancellationToken& cancel) const;

private:
  // Never closed: LibTorch keeps threads and globals that do not survive it.
  decltype(&train::train_heads) train_heads_;
};

}  // namespace vidclass::cli
