#include "onnx/writer.hpp"

#include <fstream>

#include <onnx/checker.h>
#include <onnx/shape_inference/implementation.h>
#include <openvino/op/constant.hpp>
#include <openvino/op/parameter.hpp>
#include <openvino/op/result.hpp>

#include "core/atomic_file.hpp"
#include "core/format.hpp"
#include "onnx/graph_builder.hpp"
#include "onnx/nodes.hpp"
#include "vidclass/error.hpp"

namespace vidclass::onnx {
namespace {

// The version of the file's format that came with the opset.
constexpr int ir_version = 8;

void add_graph(::onnx::GraphProto& target, const ov::Model& model, bool half) {
  GraphBuilder graph(target, half);
  target.set_name(model.get_friendly_name());
  for (const auto& result : model.get_results()) {
    // What consumers ask for keeps its name, whatever comes before it.
    const ov::Output<ov::Node> value = result->input_value(0);
    graph.declare(value, value.get_any_name());
  }
  for (const auto& parameter : model.get_parameters()) {
    graph.add_input(parameter->output(0), parameter->output(0).get_any_name());
  }
  for (const auto& node : model.get_ordered_ops()) {
    const bool is_edge = ov::is_type<ov::op::v0::Parameter>(node) ||
                         ov::is_type<ov::op::v0::Constant>(node) ||
                         ov::is_type<ov::op::v0::Result>(node);
    if (!is_edge) add_nodes(graph, *node);
  }
  for (const auto& result : model.get_results()) {
    const ov::Output<ov::Node> value = result->input_value(0);
    graph.add_output(value, graph.name_of(value));
  }
}

/// Its messages are several lines.
std::string first_line(const char* message) {
  const std::string text(message);
  return text.substr(0, text.find('\n'));
}

void check(const ::onnx::ModelProto& model) {
  try {
    ::onnx::checker::check_model(model);
    ::onnx::ModelProto with_shapes = model;
    ::onnx::shape_inference::InferShapes(with_shapes, ::onnx::OpSchemaRegistry::Instance(),
                                         {/*check_type=*/true, /*strict_mode=*/1,
                                          /*data_propagation=*/false});
  } catch (const std::exception& error) {  // of several kinds without a common one
    throw Error(format("ONNX's checker refuses the graph: {}", first_line(error.what())));
  }
}

}  // namespace

void write(const ov::Model& model, const Options& options, const std::filesystem::path& path) {
  ::onnx::ModelProto file;
  file.set_ir_version(ir_version);
  file.set_producer_name("vidclass");
  file.set_producer_version(options.producer_version);
  file.set_doc_string(options.description);
  file.add_opset_import()->set_version(opset);
  for (const auto& [key, value] : options.metadata) {
    auto* property = file.add_metadata_props();
    property->set_key(key);
    property->set_value(value);
  }
  add_graph(*file.mutable_graph(), model, options.half);
  check(file);
  write_file_atomically(path, [&](const std::filesystem::path& temporary) {
    std::ofstream stream(temporary, std::ios::binary);
    if (!file.SerializeToOstream(&stream) || !stream.flush()) {
      throw Error(format("{} cannot be written", path.string()));
    }
  });
}

}  // namespace vidclass::onnx
