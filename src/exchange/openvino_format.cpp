// OpenVINO's own files, and DL Streamer's beside them.
#include <algorithm>
#include <array>
#include <cstring>
#include <memory>

#include <openvino/openvino.hpp>

#include "backbone/openvino_error.hpp"
#include "core/atomic_file.hpp"
#include "core/format.hpp"
#include "core/json.hpp"
#include "exchange/format.hpp"
#include "vidclass/error.hpp"

namespace vidclass::exchange {
namespace {

namespace fs = std::filesystem;

fs::path with_ending(fs::path file, const char* ending) { return file.replace_extension(ending); }

std::vector<fs::path> ir_files(const fs::path& output) {
  return {output, with_ending(output, ".bin"), with_ending(output, ".json")};
}

/// Labels as the "model_info" of OpenVINO's Model API has them: separated by blanks.
std::string blank_separated(const std::vector<std::string>& labels) {
  std::string all;
  for (std::string label : labels) {
    std::replace(label.begin(), label.end(), ' ', '_');
    all += (all.empty() ? "" : " ") + label;
  }
  return all;
}

/// DL Streamer's model-proc, https://dlstreamer.github.io/dev_guide/model_proc_file.html
Json model_proc(const Source& source) {
  Json input = Json::array();
  if (source.frames) {
    input.push_back(
        {{"layer_name", "frames"},
         {"format", "image"},
         {"params", {{"resize", "aspect-ratio"}, {"crop", "central"}, {"color_space", "RGB"}}}});
  }
  return {{"json_schema_version", "2.2.0"},
          {"input_preproc", input},
          {"output_postproc",
           {{{"layer_name", "probabilities"},
             {"attribute_name", "action"},
             {"converter", "tensor_to_label"},
             {"method", "max"},
             {"labels", source.model.labels}}}}};
}

void write_ir(const Source& source, const fs::path& output) {
  for (const auto& [key, value] : source.description) {
    source.graph->set_rt_info(value, "vidclass", key);
  }
  source.graph->set_rt_info(blank_separated(source.model.labels), "model_info", "labels");
  try {
    ov::save_model(source.graph, output, source.precision == ExportPrecision::f16);
  } catch (const ov::Exception& error) {
    throw Error(
        vidclass::format("{} cannot be written: {}", output.string(), backbone::reason(error)));
  }
  write_file_atomically(with_ending(output, ".json"), to_text(model_proc(source), 2) + "\n");
}

Tensor run_in_openvino(ov::CompiledModel& network, const NamedTensors& inputs) {
  ov::InferRequest request = network.create_infer_request();
  for (const auto& [name, values] : inputs) {
    ov::Tensor tensor(network.input(name).get_element_type(), ov::Shape(values.shape()));
    if (tensor.get_byte_size() != values.bytes().size()) {
      throw Error(vidclass::format("the input {} is not of {}", name, name_of(values.dtype())));
    }
    std::memcpy(tensor.data(), values.bytes().data(), values.bytes().size());
    request.set_tensor(name, tensor);
  }
  request.infer();
  const ov::Tensor output = request.get_tensor("probabilities");
  return Tensor::from<float>(Shape(output.get_shape()),
                             std::span(output.data<const float>(), output.get_size()));
}

/// What `work` gives; its errors as ours.
template <typename Work>
auto guarded(const std::string& name, const Work& work) {
  try {
    return work();
  } catch (const ov::Exception& error) {
    throw Error(vidclass::format("OpenVINO cannot run {}: {}", name, backbone::reason(error)));
  }
}

constexpr std::array ir_precisions{ExportPrecision::f32, ExportPrecision::f16,
                                   ExportPrecision::int8};

}  // namespace

RunExported run_graph(const std::shared_ptr<ov::Model>& graph, const std::string& name) {
  // The network must not outlive the core's plugin.
  struct Opened {
    ov::Core core;
    ov::CompiledModel network;
  };
  auto opened = std::make_shared<Opened>();
  guarded(name, [&] {
    opened->network =
        opened->core.compile_model(graph, "CPU", ov::hint::inference_precision(ov::element::f32),
                                   ov::hint::performance_mode(ov::hint::PerformanceMode::LATENCY));
  });
  return [=](const NamedTensors& inputs) {
    return guarded(name, [&] { return run_in_openvino(opened->network, inputs); });
  };
}

RunExported open_in_openvino(const fs::path& file) {
  const std::string name = file.string();
  return run_graph(guarded(name, [&] { return ov::Core().read_model(file); }), name);
}

const Format openvino_format{.name = "openvino",
                             .ending = ".xml",
                             .about = "OpenVINO IR, with DL Streamer's model-proc",
                             .runs_in = "in OpenVINO",
                             .precisions = ir_precisions,
                             .files = ir_files,
                             .write = write_ir,
                             .open = open_in_openvino};

}  // namespace vidclass::exchange
