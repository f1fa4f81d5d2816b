// Keras's own files.
#include <algorithm>
#include <array>
#include <memory>

#include <openvino/core/model.hpp>

#include "backbone/network_graph.hpp"
#include "exchange/format.hpp"
#include "exchange/keras_graph.hpp"
#include "exchange/keras_writer.hpp"

namespace vidclass::exchange {
namespace {

void write_keras_file(const Source& source, const std::filesystem::path& output) {
  const auto graph = source.network == nullptr ? nullptr : backbone::network_graph(*source.network);
  write_keras(source.model, graph.get(), output);
}

/// [B, t, ...] with zeros up to T in the place of t.
Tensor filled_up(const Tensor& clips, std::size_t steps) {
  Shape shape = clips.shape();
  shape[1] = steps;
  Tensor filled(clips.dtype(), shape);
  const std::size_t from = clips.bytes().size() / clips.dim(0);
  const std::size_t to = filled.bytes().size() / clips.dim(0);
  for (std::size_t clip = 0; clip < clips.dim(0); ++clip) {
    std::copy_n(clips.bytes().begin() + static_cast<std::ptrdiff_t>(clip * from), from,
                filled.bytes().begin() + static_cast<std::ptrdiff_t>(clip * to));
  }
  return filled;
}

Tensor mask_of(const Tensor& lengths, std::size_t steps) {
  Tensor mask(DType::u8, {lengths.size(), steps});
  for (std::size_t clip = 0; clip < lengths.size(); ++clip) {
    const auto length = static_cast<std::size_t>(lengths.data<std::int32_t>()[clip]);
    std::fill_n(mask.data<std::uint8_t>().begin() + static_cast<std::ptrdiff_t>(clip * steps),
                std::min(length, steps), std::uint8_t{1});
  }
  return mask;
}

/// Read back by vidclass, layer by layer, and run in OpenVINO. Clips are given as Keras takes them.
RunExported open_keras(const std::filesystem::path& file) {
  const std::shared_ptr<ov::Model> graph = keras_graph(file);
  const RunExported run = run_graph(graph, file.string());
  return [graph, run](const NamedTensors& inputs) {
    NamedTensors given;
    for (const auto& input : graph->inputs()) {
      const std::string name = input.get_any_name();
      const Tensor& clips = inputs.contains("frames") ? inputs.at("frames") : inputs.at("features");
      const ov::Dimension time = input.get_partial_shape()[1];
      const std::size_t steps =
          time.is_static() ? static_cast<std::size_t>(time.get_length()) : clips.dim(1);
      given.emplace(name, name == "mask" ? mask_of(inputs.at("lengths"), steps)
                                         : filled_up(inputs.at(name), steps));
    }
    return run(given);
  };
}

constexpr std::array keras_precisions{ExportPrecision::f32};

}  // namespace

const Format keras_format{
    .name = "keras",
    .ending = ".keras",
    .about = "a file of Keras 3",
    .runs_in = "by vidclass, in OpenVINO",
    .precisions = keras_precisions,
    .masked = true,
    .files = [](const std::filesystem::path& output) { return std::vector{output}; },
    .write = write_keras_file,
    .open = open_keras};

}  // namespace vidclass::exchange
