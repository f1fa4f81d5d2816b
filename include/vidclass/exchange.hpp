// Models for other programs.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "vidclass/export.hpp"
#include "vidclass/hooks.hpp"

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
  std::size_t clips = 0;  // that were compared
  /// The model has a motion stream, which is no network and was left out.
  bool without_motion = false;
};

/// Writes the model as a network in another format, "onnx", "openvino" (IR) or "torch"
/// (TorchScript), runs the file and compares it with the model, and writes MODEL_CARD.md beside
/// it. Inputs, for B clips of T frames, both free: "features" float32 [B, T, W], or with
/// ExportOptions::frames "frames" uint8 [B, T, size, size, 3] and, where the model looks at motion,
/// "motion_map" float32 [B, T, g, g]; "lengths" int32 [B]. Output: "probabilities" float32 [B, L].
/// docs/exchange.md says how. `output` must end as the format does (.onnx, .xml, .pt). Throws
/// UsageError for a request that cannot be, Error where the file computes something else than the
/// model, whereupon nothing is left; Cancelled.
VIDCLASS_EXPORT ExportReport export_model(const std::filesystem::path& model,
                                          const std::string& format,
                                          const std::filesystem::path& output,
                                          const ExportOptions& options = {},
                                          const Hooks& hooks = {});

}  // namespace vidclass
