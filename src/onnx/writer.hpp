// OpenVINO graphs as ONNX files.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <openvino/core/model.hpp>

namespace vidclass::onnx {

/// Newer ones are not known to all that read ONNX: Debian 12's checker knows 17.
inline constexpr int opset = 17;

struct Options {
  /// Weights are stored as float16 and computed with as float32.
  bool half = false;
  std::string producer_version{};
  std::string description{};
  std::vector<std::pair<std::string, std::string>> metadata{};  // keys are unique
};

/// Writes `model` node by node, with the names of its inputs and outputs, and has ONNX's checker
/// look at it, shapes and types too, before anything is written. Throws Error naming an operation
/// or a setting of one that it does not know, what the checker objects to, or the file if it cannot
/// be written. Thread-safe.
void write(const ov::Model& model, const Options& options, const std::filesystem::path& path);

}  // namespace vidclass::onnx
