// A graph of ONNX that grows node by node.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include <onnx/onnx_pb.h>
#include <openvino/core/node.hpp>

namespace vidclass::onnx {

using Names = std::vector<std::string>;
using Integers = std::vector<std::int64_t>;

/// ONNX's name of an element type. Throws Error for one that has none here.
[[nodiscard]] ::onnx::TensorProto_DataType element_type(const ov::element::Type& type);

class GraphBuilder {
public:
  /// `half`: float32 constants of at least `half_from` values are stored as float16.
  GraphBuilder(::onnx::GraphProto& graph, bool half) : graph_(graph), half_(half) {}

  /// The name of a value that was declared. A Constant becomes part of the graph the first time it
  /// is asked for.
  [[nodiscard]] const std::string& name_of(const ov::Output<ov::Node>& value);
  /// Gives a value a name that no other one has: `wanted`, or one that begins so. One that was
  /// declared before keeps its name.
  const std::string& declare(const ov::Output<ov::Node>& value, const std::string& wanted);
  [[nodiscard]] std::string unused_name(const std::string& wanted);

  /// A node with one output; gives that output's name.
  std::string add(const char* type, const Names& inputs);
  ::onnx::NodeProto& add(const char* type, const Names& inputs, const Names& outputs);

  /// Constants.
  std::string integers(const Integers& values);
  std::string integer(std::int64_t value);
  std::string real(float value);
  std::string floats(const Integers& shape, std::span<const float> values);

  void add_input(const ov::Output<ov::Node>& value, const std::string& name);
  void add_output(const ov::Output<ov::Node>& value, const std::string& name);

private:
  static constexpr std::size_t half_from = 256;

  ::onnx::TensorProto& initialiser(const std::string& name, ::onnx::TensorProto_DataType type,
                                   const Integers& shape);
  std::string constant(const ov::Node& node, const std::string& wanted);
  std::string store_floats(const std::string& name, const Integers& shape,
                           std::span<const float> values);

  ::onnx::GraphProto& graph_;
  bool half_;
  std::map<ov::Output<ov::Node>, std::string> names_;
  std::set<std::string> used_;
};

void set(::onnx::NodeProto& node, const char* name, std::int64_t value);
void set(::onnx::NodeProto& node, const char* name, const Integers& values);
void set(::onnx::NodeProto& node, const char* name, const char* text);
void set(::onnx::NodeProto& node, const char* name, float value);

}  // namespace vidclass::onnx
