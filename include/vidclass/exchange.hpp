// Models from other programs.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "vidclass/export.hpp"
#include "vidclass/hooks.hpp"
#include "vidclass/options.hpp"

namespace vidclass {

/// How the Keras example "Video Classification with a CNN-RNN Architecture" takes its frames: the
/// first ones of a clip, cropped to the square in the middle and resized to 224 pixels by OpenCV.
[[nodiscard]] inline FeatureOptions keras_example_features() {
  FeatureOptions features;
  features.size = 224;
  features.pooling = PoolingChoice::avg;
  features.frames = 0;
  features.sampling = Sampling::first;
  features.preprocess = Preprocess::keras;
  return features;
}

struct ImportKerasOptions {
  /// How frames were taken when the network was trained. `frames`, 0: as many as the network's
  /// input has, or else 20. `pooling` must be avg.
  FeatureOptions features = keras_example_features();
  /// The model is to read feature arrays (.npy, ...) [T, D], not clips: `features` says no more
  /// than `frames`.
  bool arrays = false;
  /// Of dense layers but the last, by Keras's name, where the file holds weights alone.
  std::string activation = "relu";
  MachineOptions machine{};
  /// Replace a file in the model's place that vidclass did not write.
  bool overwrite = false;
};

/// What was read, in the order of the network.
struct ImportedModel {
  std::vector<std::string> layers{};  // "GRU 16", "dense 8 relu", ...
  std::size_t features = 0;           // D, values of a frame
  int frames = 0;                     // of a clip
};

/// Makes a model file of a recurrent network that Keras saved (`.keras`, whole-model HDF5 of Keras
/// 2 and 3, `.weights.h5`); docs/exchange.md says which. `labels`: of its outputs, in their order.
/// Nothing in the file is executed, and no other file that it names is opened. Throws UsageError
/// where there is no such file or the numbers of labels and outputs differ, Error for a network
/// that is not read, naming the layer, and for a damaged file, Cancelled.
VIDCLASS_EXPORT ImportedModel import_keras(const std::filesystem::path& file,
                                           const std::vector<std::string>& labels,
                                           const std::filesystem::path& model,
                                           const ImportKerasOptions& options = {},
                                           const Hooks& hooks = {});

}  // namespace vidclass
