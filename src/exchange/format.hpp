// The formats that models are exported to.
#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "exchange/description.hpp"
#include "exchange/trial.hpp"
#include "model/model.hpp"
#include "vidclass/exchange.hpp"

namespace ov {
class Model;
}

namespace vidclass::exchange {

/// What is exported.
struct Source {
  const model::Model& model;
  bool frames;                       // from frames, else from features
  ExportPrecision precision;         // of the weights
  std::shared_ptr<ov::Model> graph;  // of model_graph.hpp, for int8 with FakeQuantize nodes
  Description description;
  const backbone::PreparedBackbone* network;  // the network for frames; null: from features
};

struct Format {
  std::string_view name;    // as --to takes it
  std::string_view ending;  // of the file
  std::string_view about;
  std::string_view runs_in;                     // what open() runs it in, in a few words
  std::span<const ExportPrecision> precisions;  // of weights; f32 is among them
  bool masked = false;  // inputs are "features" and "mask", not "features" and "lengths"
  /// What write() writes, the file that was named first.
  std::vector<std::filesystem::path> (*files)(const std::filesystem::path& output);
  /// Throws Error.
  void (*write)(const Source& source, const std::filesystem::path& output);
  /// Opens what was written, to be tried. Throws Error.
  RunExported (*open)(const std::filesystem::path& output);
};

/// All of them, in the order in which help lists them.
[[nodiscard]] std::span<const Format> formats();
/// Throws UsageError naming the choices.
[[nodiscard]] const Format& format_named(std::string_view name);

extern const Format keras_format;     // keras_format.cpp
extern const Format onnx_format;      // onnx_format.cpp
extern const Format torch_format;     // torch_format.cpp
extern const Format openvino_format;  // openvino_format.cpp

/// Runs a file that OpenVINO reads, on the CPU in float32.
[[nodiscard]] RunExported open_in_openvino(const std::filesystem::path& file);
/// Runs a graph likewise, which messages call `name`.
[[nodiscard]] RunExported run_graph(const std::shared_ptr<ov::Model>& graph,
                                    const std::string& name);

[[nodiscard]] std::string_view to_string(ExportPrecision precision) noexcept;
/// Throws UsageError naming the choices.
[[nodiscard]] ExportPrecision export_precision_from(std::string_view name);

}  // namespace vidclass::exchange
