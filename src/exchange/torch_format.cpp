// TorchScript, written and run by LibTorch.
#include <array>

#include "core/format.hpp"
#include "exchange/format.hpp"
#include "exchange/torch_script.hpp"
#include "pipeline/torch_library.hpp"

namespace vidclass::exchange {
namespace {

void write_torch(const Source& source, const std::filesystem::path& output) {
  ScriptText text = torch_script(*source.graph);
  pipeline::torch_library().save_script({.source = std::move(text.source),
                                         .parameters = std::move(text.parameters),
                                         .texts = source.description},
                                        output);
}

RunExported open_in_torch(const std::filesystem::path& file) {
  return [run = pipeline::torch_library().open_script(file)](const NamedTensors& inputs) {
    // In the order of the graph's inputs.
    std::vector<Tensor> arguments;
    for (const char* name : {"features", "frames", "motion_map", "lengths"}) {
      if (const auto found = inputs.find(name); found != inputs.end()) {
        arguments.push_back(found->second);
      }
    }
    return run(arguments);
  };
}

constexpr std::array torch_precisions{ExportPrecision::f32};

}  // namespace

const Format torch_format{
    .name = "torch",
    .ending = ".pt",
    .about = "TorchScript, for PyTorch and LibTorch",
    .runs_in = "in LibTorch",
    .precisions = torch_precisions,
    .files = [](const std::filesystem::path& output) { return std::vector{output}; },
    .write = write_torch,
    .open = open_in_torch};

}  // namespace vidclass::exchange
