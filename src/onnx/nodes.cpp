#include "onnx/nodes.hpp"

#include <map>
#include <numbers>
#include <string_view>

#include <openvino/op/ops.hpp>

#include "core/format.hpp"
#include "vidclass/error.hpp"

namespace vidclass::onnx {
namespace {

using AddNode = void (*)(GraphBuilder& graph, const ov::Node& node);

template <typename Operation>
const Operation& as(const ov::Node& node) {
  const auto* operation = dynamic_cast<const Operation*>(&node);
  if (operation == nullptr) refuse(node, "is of another version");
  return *operation;
}

Names all_inputs(GraphBuilder& graph, const ov::Node& node) {
  Names names;
  for (std::size_t i = 0; i < node.get_input_size(); ++i) names.push_back(input(graph, node, i));
  return names;
}

/// Those that take the same inputs by the same rules.
template <const char* Type>
void same(GraphBuilder& graph, const ov::Node& node) {
  add_named(graph, node, Type, all_inputs(graph, node));
}

std::string cast(GraphBuilder& graph, const std::string& value, const ov::element::Type& type) {
  const std::string result = graph.unused_name("Cast");
  set(graph.add("Cast", {value}, {result}), "to", std::int64_t{element_type(type)});
  return result;
}

void add_cast(GraphBuilder& graph, const ov::Node& node) {
  set(add_named(graph, node, "Cast", {input(graph, node, 0)}), "to",
      std::int64_t{element_type(node.get_output_element_type(0))});
}

void add_transpose(GraphBuilder& graph, const ov::Node& node) {
  set(add_named(graph, node, "Transpose", {input(graph, node, 0)}), "perm",
      constant_input(node, 1));
}

void add_reshape(GraphBuilder& graph, const ov::Node& node) {
  auto& reshape =
      add_named(graph, node, "Reshape", {input(graph, node, 0), int64_input(graph, node, 1)});
  if (as<ov::op::v1::Reshape>(node).get_special_zero()) return;
  const auto* shape = dynamic_cast<const ov::op::v0::Constant*>(node.get_input_node_ptr(1));
  bool zeros = shape == nullptr;
  for (const std::int64_t length : shape != nullptr ? constant_input(node, 1) : Integers{}) {
    zeros = zeros || length == 0;
  }
  if (zeros) set(reshape, "allowzero", std::int64_t{1});
}

template <const char* Type>
void add_with_axes(GraphBuilder& graph, const ov::Node& node) {
  add_named(graph, node, Type, {input(graph, node, 0), graph.integers(constant_input(node, 1))});
}

void add_concat(GraphBuilder& graph, const ov::Node& node) {
  set(add_named(graph, node, "Concat", all_inputs(graph, node)), "axis",
      as<ov::op::v0::Concat>(node).get_axis());
}

void add_split(GraphBuilder& graph, const ov::Node& node) {
  Names outputs;
  for (std::size_t i = 0; i < node.get_output_size(); ++i) {
    outputs.push_back(graph.declare(const_cast<ov::Node&>(node).output(i), "Split"));
  }
  Names inputs{input(graph, node, 0)};
  if (node.get_input_size() > 2) inputs.push_back(graph.integers(constant_input(node, 2)));
  set(graph.add("Split", inputs, outputs), "axis", constant_input(node, 1).at(0));
}

void add_gather(GraphBuilder& graph, const ov::Node& node) {
  const auto* gather = dynamic_cast<const ov::op::util::GatherBase*>(&node);
  if (gather == nullptr || gather->get_batch_dims() != 0) refuse(node, "gathers along a batch");
  set(add_named(graph, node, "Gather", {input(graph, node, 0), input(graph, node, 1)}), "axis",
      gather->get_axis());
}

void add_shape(GraphBuilder& graph, const ov::Node& node) {
  if (node.get_output_element_type(0) == ov::element::i64) {
    add_named(graph, node, "Shape", {input(graph, node, 0)});
    return;
  }
  const std::string shape = graph.add("Shape", {input(graph, node, 0)});
  finish(graph, node, cast(graph, shape, node.get_output_element_type(0)));
}

void add_range(GraphBuilder& graph, const ov::Node& node) {
  const ov::element::Type type = node.get_output_element_type(0);
  bool whole = type.is_integral();
  for (const auto& value : node.input_values()) {
    whole = whole || value.get_element_type().is_integral();
  }
  // ONNX wants one type for all; counting in whole numbers is exact.
  const ov::element::Type counted = whole ? ov::element::i64 : type;
  Names inputs;
  for (std::size_t i = 0; i < 3; ++i) {
    const std::string given = input(graph, node, i);
    inputs.push_back(node.get_input_element_type(i) == counted ? given
                                                               : cast(graph, given, counted));
  }
  if (counted == type) {
    add_named(graph, node, "Range", inputs);
  } else {
    finish(graph, node, cast(graph, graph.add("Range", inputs), type));
  }
}

void add_expand(GraphBuilder& graph, const ov::Node& node) {
  if (node.get_input_size() != 2) refuse(node, "broadcasts along named axes");
  add_named(graph, node, "Expand", {input(graph, node, 0), int64_input(graph, node, 1)});
}

/// Where the axes are an input since opset 13.
void add_reduce_sum(GraphBuilder& graph, const ov::Node& node) {
  const auto& reduce = as<ov::op::v1::ReduceSum>(node);
  auto& added = add_named(graph, node, "ReduceSum",
                          {input(graph, node, 0), graph.integers(constant_input(node, 1))});
  set(added, "keepdims", std::int64_t{reduce.get_keep_dims()});
}

template <const char* Type>
void add_reduce(GraphBuilder& graph, const ov::Node& node) {
  const auto* reduce = dynamic_cast<const ov::op::util::ArithmeticReductionKeepDims*>(&node);
  if (reduce == nullptr) refuse(node, "is of another version");
  auto& added = add_named(graph, node, Type, {input(graph, node, 0)});
  set(added, "axes", constant_input(node, 1));
  set(added, "keepdims", std::int64_t{reduce->get_keep_dims()});
}

/// With the last two axes exchanged if asked for.
std::string factor(GraphBuilder& graph, const ov::Node& node, std::size_t index, bool transposed) {
  const std::string given = input(graph, node, index);
  if (!transposed) return given;
  const auto rank = node.get_input_partial_shape(index).rank().get_length();
  Integers order;
  for (std::int64_t axis = 0; axis < rank; ++axis) order.push_back(axis);
  if (rank > 1) std::swap(order[rank - 1], order[rank - 2]);
  const std::string turned = graph.unused_name("Transpose");
  set(graph.add("Transpose", {given}, {turned}), "perm", order);
  return turned;
}

void add_matmul(GraphBuilder& graph, const ov::Node& node) {
  const auto& product = as<ov::op::v0::MatMul>(node);
  const std::string a = factor(graph, node, 0, product.get_transpose_a());
  const std::string b = factor(graph, node, 1, product.get_transpose_b());
  add_named(graph, node, "MatMul", {a, b});
}

void add_softmax(GraphBuilder& graph, const ov::Node& node) {
  const auto* softmax = dynamic_cast<const ov::op::v8::Softmax*>(&node);
  const std::int64_t axis =
      softmax != nullptr ? softmax->get_axis()
                         : static_cast<std::int64_t>(as<ov::op::v1::Softmax>(node).get_axis());
  set(add_named(graph, node, "Softmax", {input(graph, node, 0)}), "axis", axis);
}

void add_clip(GraphBuilder& graph, const ov::Node& node) {
  const auto& clamp = as<ov::op::v0::Clamp>(node);
  const std::string low = graph.real(static_cast<float>(clamp.get_min()));
  const std::string high = graph.real(static_cast<float>(clamp.get_max()));
  add_named(graph, node, "Clip", {input(graph, node, 0), low, high});
}

void add_hard_sigmoid(GraphBuilder& graph, const ov::Node& node) {
  auto& added = add_named(graph, node, "HardSigmoid", {input(graph, node, 0)});
  set(added, "alpha", 1.0F / 6);
  set(added, "beta", 0.5F);
}

void add_swish(GraphBuilder& graph, const ov::Node& node) {
  const std::string x = input(graph, node, 0);
  const std::string inner =
      node.get_input_size() > 1 ? graph.add("Mul", {x, input(graph, node, 1)}) : x;
  add_named(graph, node, "Mul", {x, graph.add("Sigmoid", {inner})});
}

void add_elu(GraphBuilder& graph, const ov::Node& node) {
  set(add_named(graph, node, "Elu", {input(graph, node, 0)}), "alpha",
      static_cast<float>(as<ov::op::v0::Elu>(node).get_alpha()));
}

void add_selu(GraphBuilder& graph, const ov::Node& node) {
  const auto number = [&](std::size_t index) {
    const auto* value = dynamic_cast<const ov::op::v0::Constant*>(node.get_input_node_ptr(index));
    if (value == nullptr) refuse(node, format("computes its input {}", index));
    return value->cast_vector<float>().at(0);
  };
  auto& added = add_named(graph, node, "Selu", {input(graph, node, 0)});
  set(added, "alpha", number(1));
  set(added, "gamma", number(2));
}

/// By the error function: x (1 + erf(x / sqrt(2))) / 2. Opset 17 has no node of it.
void add_gelu(GraphBuilder& graph, const ov::Node& node) {
  if (as<ov::op::v7::Gelu>(node).get_approximation_mode() != ov::op::GeluApproximationMode::ERF) {
    refuse(node, "is not computed by the error function");
  }
  const std::string x = input(graph, node, 0);
  const std::string erf =
      graph.add("Erf", {graph.add("Mul", {x, graph.real(std::numbers::sqrt2_v<float> / 2)})});
  const std::string half = graph.add("Mul", {x, graph.real(0.5F)});
  add_named(graph, node, "Mul", {half, graph.add("Add", {erf, graph.real(1)})});
}

/// Over the last axis, with neither scale nor offset, which come after it.
void add_layer_norm(GraphBuilder& graph, const ov::Node& node) {
  const auto& norm = as<ov::op::v6::MVN>(node);
  const ov::PartialShape& shape = node.get_input_partial_shape(0);
  const std::int64_t last = shape.rank().get_length() - 1;
  const Integers axes = constant_input(node, 1);
  if ((axes != Integers{-1} && axes != Integers{last}) || !norm.get_normalize_variance() ||
      norm.get_eps_mode() != ov::op::MVNEpsMode::INSIDE_SQRT || shape[last].is_dynamic()) {
    refuse(node, "is of another kind than a layer normalisation");
  }
  const std::vector<float> ones(static_cast<std::size_t>(shape[last].get_length()), 1.0F);
  auto& added = add_named(graph, node, "LayerNormalization",
                          {input(graph, node, 0), graph.floats({shape[last].get_length()}, ones)});
  set(added, "axis", std::int64_t{-1});
  set(added, "epsilon", norm.get_eps());
}

void add_pad(GraphBuilder& graph, const ov::Node& node) {
  const auto* pad = dynamic_cast<const ov::op::util::PadBase*>(&node);
  if (pad == nullptr) refuse(node, "is of another version");
  Integers pads = constant_input(node, 1);
  const Integers ends = constant_input(node, 2);
  pads.insert(pads.end(), ends.begin(), ends.end());
  Names inputs{input(graph, node, 0), graph.integers(pads)};
  const char* mode = "constant";
  switch (pad->get_pad_mode()) {
    case ov::op::PadMode::CONSTANT:
      if (node.get_input_size() > 3) inputs.push_back(input(graph, node, 3));
      break;
    case ov::op::PadMode::EDGE:
      mode = "edge";
      break;
    case ov::op::PadMode::REFLECT:
      mode = "reflect";
      break;
    default:
      refuse(node, "pads symmetrically");
  }
  set(add_named(graph, node, "Pad", inputs), "mode", mode);
}

void add_reverse_sequence(GraphBuilder& graph, const ov::Node& node) {
  const auto& reverse = as<ov::op::v0::ReverseSequence>(node);
  auto& added = add_named(graph, node, "ReverseSequence",
                          {input(graph, node, 0), int64_input(graph, node, 1)});
  set(added, "batch_axis", static_cast<std::int64_t>(reverse.get_batch_axis()));
  set(added, "time_axis", static_cast<std::int64_t>(reverse.get_sequence_axis()));
}

constexpr char relu[] = "Relu", sigmoid[] = "Sigmoid", tanh[] = "Tanh", sqrt[] = "Sqrt",
               cos[] = "Cos", exp[] = "Exp", abs[] = "Abs", neg[] = "Neg",
               hard_swish[] = "HardSwish", softplus[] = "Softplus";
constexpr char plus[] = "Add", minus[] = "Sub", times[] = "Mul", over[] = "Div", power[] = "Pow",
               greatest[] = "Max", least[] = "Min", less[] = "Less", equal[] = "Equal",
               choose[] = "Where";
constexpr char squeeze[] = "Squeeze", unsqueeze[] = "Unsqueeze", mean[] = "ReduceMean",
               largest[] = "ReduceMax";

const std::map<std::string_view, AddNode>& operations() {
  static const std::map<std::string_view, AddNode> table{
      // Of one value.
      {"Relu", same<relu>},
      {"Sigmoid", same<sigmoid>},
      {"Tanh", same<tanh>},
      {"Sqrt", same<sqrt>},
      {"Cos", same<cos>},
      {"Exp", same<exp>},
      {"Abs", same<abs>},
      {"Negative", same<neg>},
      {"HSwish", same<hard_swish>},
      {"HSigmoid", add_hard_sigmoid},
      {"Swish", add_swish},
      {"Elu", add_elu},
      {"Selu", add_selu},
      {"Gelu", add_gelu},
      {"SoftPlus", same<softplus>},
      {"Clamp", add_clip},
      {"Convert", add_cast},
      {"Softmax", add_softmax},
      // Of two.
      {"Add", same<plus>},
      {"Subtract", same<minus>},
      {"Multiply", same<times>},
      {"Divide", same<over>},
      {"Power", same<power>},
      {"Maximum", same<greatest>},
      {"Minimum", same<least>},
      {"Less", same<less>},
      {"Equal", same<equal>},
      {"Select", same<choose>},
      {"MatMul", add_matmul},
      // Of shapes and places.
      {"Transpose", add_transpose},
      {"Reshape", add_reshape},
      {"Squeeze", add_with_axes<squeeze>},
      {"Unsqueeze", add_with_axes<unsqueeze>},
      {"Concat", add_concat},
      {"Split", add_split},
      {"VariadicSplit", add_split},
      {"Gather", add_gather},
      {"ShapeOf", add_shape},
      {"Range", add_range},
      {"Broadcast", add_expand},
      {"Pad", add_pad},
      {"ReverseSequence", add_reverse_sequence},
      // Over axes.
      {"ReduceSum", add_reduce_sum},
      {"ReduceMean", add_reduce<mean>},
      {"ReduceMax", add_reduce<largest>},
      // Layers.
      {"Convolution", add_convolution},
      {"GroupConvolution", add_group_convolution},
      {"MaxPool", add_max_pool},
      {"AvgPool", add_average_pool},
      {"AdaptiveAvgPool", add_adaptive_average_pool},
      {"BatchNormInference", add_batch_norm},
      {"GRUSequence", add_gru},
      {"LSTMSequence", add_lstm},
      {"MVN", add_layer_norm}};
  return table;
}

}  // namespace

std::string described(const ov::Node& node) {
  return format("the operation {} ({})", node.get_type_name(), node.get_friendly_name());
}

void refuse(const ov::Node& node, const std::string& what) {
  throw Error(format("{} {}, which cannot be written as ONNX", described(node), what));
}

void finish(GraphBuilder& graph, const ov::Node& node, const std::string& value) {
  add_named(graph, node, "Identity", {value});
}

::onnx::NodeProto& add_named(GraphBuilder& graph, const ov::Node& node, const char* type,
                             const Names& inputs) {
  // A Node gives its outputs to those alone who may change it.
  const std::string name = graph.declare(const_cast<ov::Node&>(node).output(0), type);
  return graph.add(type, inputs, {name});
}

Integers constant_input(const ov::Node& node, std::size_t input) {
  const auto* values = dynamic_cast<const ov::op::v0::Constant*>(node.get_input_node_ptr(input));
  if (values == nullptr) refuse(node, format("computes its input {}", input));
  return values->cast_vector<std::int64_t>();
}

std::string input(GraphBuilder& graph, const ov::Node& node, std::size_t index) {
  return graph.name_of(node.input_value(index));
}

std::string int64_input(GraphBuilder& graph, const ov::Node& node, std::size_t index) {
  const std::string given = input(graph, node, index);
  if (node.get_input_element_type(index) == ov::element::i64) return given;
  return cast(graph, given, ov::element::i64);
}

void add_nodes(GraphBuilder& graph, const ov::Node& node) {
  const auto found = operations().find(node.get_type_name());
  if (found == operations().end()) refuse(node, "is not known");
  found->second(graph, node);
}

}  // namespace vidclass::onnx
