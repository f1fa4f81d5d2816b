// Models of other programs, in and out.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "vidclass/export.hpp"
#include "vidclass/hooks.hpp"
#include "vidclass/options.hpp"

namespace vidclass {

/// What the weights are stored in; products are summed in float32.
enum class ExportPrecision {
  f32,
  f16,   // rounded to float16, half the size
  int8,  // the network for frames in 8-bit whole numbers, calibrated: of "openvino" with frames
};

struct ExportOptions {
  /// From the frames of clips, the network for frames inside; else from its features.
  bool frames = false;
  ExportPrecision precision = ExportPrecision::f32;
  /// Where a model's network of a file is now; empty: where the model says.
  std::filesystem::path network{};
  /// Replace files in the place of the outputs that vidclass did not write.
  bool overwrite = false;
};

struct ExportReport {
  /// All that was written, the file that was named first; MODEL_CARD.md last.
  std::vector<std::filesystem::path> files;
  /// Of probabilities of made-up clips, between what was written, run again, and the model.
  double largest_difference = 0;
  double allowed_difference = 0;
  /// That were compared.
  std::size_t clips = 0;
  /// The model has a motion stream, which is no network and was left out.
  bool without_motion = false;
};

/// Writes the model as a network in another format, "onnx", "openvino" (IR), "torch"
/// (TorchScript) or "keras", reads the file back, runs it and compares it with the model, and
/// writes MODEL_CARD.md beside it. Inputs, for B clips of T frames, both free: "features" float32
/// [B, T, W], or with ExportOptions::frames "frames" uint8 [B, T, size, size, 3] and, where the
/// model looks at motion, "motion_map" float32 [B, T, g, g]; "lengths" int32 [B] ("keras": "mask"
/// bool [B, T], and with frames T is the model's number of them). Output: "probabilities" float32
/// [B, L]. docs/exchange.md says how. `output` must end as the format does
/// (.onnx, .xml, .pt, .keras). Throws UsageError for a request that cannot be, Error where the file
/// computes something else than the model, whereupon nothing is left; Cancelled.
VIDCLASS_EXPORT ExportReport export_model(const std::filesystem::path& model,
                                          const std::string& format,
                                          const std::filesystem::path& output,
                                          const ExportOptions& options = {},
                                          const Hooks& hooks = {});

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
