// Convolutions, poolings and recurrent layers.
#include <algorithm>
#include <numeric>

#include <openvino/op/ops.hpp>

#include "core/format.hpp"
#include "onnx/nodes.hpp"

namespace vidclass::onnx {
namespace {

template <typename Values>
Integers as_integers(const Values& values) {
  return {values.begin(), values.end()};
}

template <typename Operation>
void set_windows(::onnx::NodeProto& added, const Operation& operation) {
  set(added, "strides", as_integers(operation.get_strides()));
  // Shape inference has turned "same" into numbers, as far as it knows the sides of the maps.
  Integers pads = as_integers(operation.get_pads_begin());
  const Integers ends = as_integers(operation.get_pads_end());
  pads.insert(pads.end(), ends.begin(), ends.end());
  set(added, "pads", pads);
}

void require_known_sides(const ov::Node& node) {
  const ov::PartialShape& shape = node.get_input_partial_shape(0);
  for (std::size_t axis = 2; axis < shape.size(); ++axis) {
    if (shape[axis].is_dynamic()) refuse(node, "reads maps of any size");
  }
}

void set_kernel(::onnx::NodeProto& added, const ov::Shape& kernel) {
  set(added, "kernel_shape", as_integers(kernel));
}

bool rounds_up(ov::op::RoundingType rounding) { return rounding != ov::op::RoundingType::FLOOR; }

void require_plain_rounding(const ov::Node& node, ov::op::RoundingType rounding) {
  if (rounding == ov::op::RoundingType::CEIL_TORCH) refuse(node, "rounds as PyTorch does");
}

}  // namespace

void add_convolution(GraphBuilder& graph, const ov::Node& node) {
  const auto& convolution = dynamic_cast<const ov::op::v1::Convolution&>(node);
  require_known_sides(node);
  auto& added = add_named(graph, node, "Conv", {input(graph, node, 0), input(graph, node, 1)});
  set_windows(added, convolution);
  set(added, "dilations", as_integers(convolution.get_dilations()));
}

void add_group_convolution(GraphBuilder& graph, const ov::Node& node) {
  const auto& convolution = dynamic_cast<const ov::op::v1::GroupConvolution&>(node);
  require_known_sides(node);
  // [groups, out a group, in a group, ...] to [out, in a group, ...].
  const ov::Shape shape = node.get_input_shape(1);
  Integers joined{static_cast<std::int64_t>(shape[0] * shape[1])};
  joined.insert(joined.end(), shape.begin() + 2, shape.end());
  const auto* weights = dynamic_cast<const ov::op::v0::Constant*>(node.get_input_node_ptr(1));
  const std::string kernel =
      weights != nullptr && weights->get_element_type() == ov::element::f32
          ? graph.floats(joined, {weights->get_data_ptr<float>(), ov::shape_size(shape)})
          : graph.add("Reshape", {input(graph, node, 1), graph.integers(joined)});
  auto& added = add_named(graph, node, "Conv", {input(graph, node, 0), kernel});
  set_windows(added, convolution);
  set(added, "dilations", as_integers(convolution.get_dilations()));
  set(added, "group", static_cast<std::int64_t>(shape[0]));
}

void add_max_pool(GraphBuilder& graph, const ov::Node& node) {
  const auto& pool = dynamic_cast<const ov::op::util::MaxPoolBase&>(node);
  require_known_sides(node);
  require_plain_rounding(node, pool.get_rounding_type());
  auto& added = add_named(graph, node, "MaxPool", {input(graph, node, 0)});
  set_windows(added, pool);
  set_kernel(added, pool.get_kernel());
  set(added, "ceil_mode", std::int64_t{rounds_up(pool.get_rounding_type())});
  if (const auto* dilated = dynamic_cast<const ov::op::v8::MaxPool*>(&node)) {
    set(added, "dilations", as_integers(dilated->get_dilations()));
  }
}

void add_average_pool(GraphBuilder& graph, const ov::Node& node) {
  const auto& pool = dynamic_cast<const ov::op::util::AvgPoolBase&>(node);
  require_known_sides(node);
  require_plain_rounding(node, pool.get_rounding_type());
  auto& added = add_named(graph, node, "AveragePool", {input(graph, node, 0)});
  set_windows(added, pool);
  set_kernel(added, pool.get_kernel());
  set(added, "ceil_mode", std::int64_t{rounds_up(pool.get_rounding_type())});
  set(added, "count_include_pad", std::int64_t{!pool.get_exclude_pad()});
}

/// Where it divides the maps evenly, which is where it is a pooling with one window.
void add_adaptive_average_pool(GraphBuilder& graph, const ov::Node& node) {
  require_known_sides(node);
  const Integers wanted = constant_input(node, 1);
  const ov::PartialShape& shape = node.get_input_partial_shape(0);
  Integers window;
  for (std::size_t axis = 0; axis < wanted.size(); ++axis) {
    const std::int64_t side = shape[axis + 2].get_length();
    if (side % wanted[axis] != 0) refuse(node, "divides its map unevenly");
    window.push_back(side / wanted[axis]);
  }
  auto& added = add_named(graph, node, "AveragePool", {input(graph, node, 0)});
  set(added, "kernel_shape", window);
  set(added, "strides", window);
}

void add_batch_norm(GraphBuilder& graph, const ov::Node& node) {
  const auto* norm = dynamic_cast<const ov::op::v5::BatchNormInference*>(&node);
  if (norm == nullptr) refuse(node, "is of another version");
  Names inputs;
  for (std::size_t i = 0; i < 5; ++i) inputs.push_back(input(graph, node, i));
  set(add_named(graph, node, "BatchNormalization", inputs), "epsilon",
      static_cast<float>(norm->get_eps_value()));
}

namespace {

std::vector<float> constant_floats(const ov::Node& node, std::size_t index) {
  const auto* values = dynamic_cast<const ov::op::v0::Constant*>(node.get_input_node_ptr(index));
  if (values == nullptr) refuse(node, format("computes its input {}", index));
  return values->cast_vector<float>();
}

std::string with_order(GraphBuilder& graph, const std::string& value, const Integers& order) {
  std::string name = graph.unused_name("Transpose");
  set(graph.add("Transpose", {value}, {name}), "perm", order);
  return name;
}

/// One of `type`, forward, as Keras has it. ONNX has time before the batch. `weights`: W, R and B;
/// `states`: how many inputs are first states, which come before the lengths.
::onnx::NodeProto& add_recurrent(GraphBuilder& graph, const ov::Node& node, const char* type,
                                 const Names& weights, std::size_t states) {
  const auto& layer = dynamic_cast<const ov::op::util::RNNCellBase&>(node);
  const std::string lengths = graph.unused_name("Cast");
  set(graph.add("Cast", {input(graph, node, 1 + states)}, {lengths}), "to",
      std::int64_t{::onnx::TensorProto_DataType_INT32});
  Names inputs{with_order(graph, input(graph, node, 0), {1, 0, 2})};
  inputs.insert(inputs.end(), weights.begin(), weights.end());
  inputs.push_back(lengths);
  for (std::size_t i = 1; i <= states; ++i) {
    inputs.push_back(with_order(graph, input(graph, node, i), {1, 0, 2}));
  }
  const std::string result = graph.unused_name(type);
  auto& added = graph.add(type, inputs, {result});
  set(added, "hidden_size", static_cast<std::int64_t>(layer.get_hidden_size()));
  // [T, 1, B, units] to [B, 1, T, units].
  auto& outputs = const_cast<ov::Node&>(node);
  set(graph.add("Transpose", {result}, {graph.declare(outputs.output(0), "Transpose")}), "perm",
      Integers{2, 1, 0, 3});
  for (std::size_t i = 1; i < outputs.get_output_size(); ++i) {
    if (!outputs.output(i).get_target_inputs().empty()) refuse(node, "gives its last state");
  }
  return added;
}

/// Forward alone, since engines differ in what they do with lengths in the other direction.
void require_keras(const ov::Node& node, ov::op::RecurrentSequenceDirection direction,
                   std::size_t tanhs) {
  const auto& layer = dynamic_cast<const ov::op::util::RNNCellBase&>(node);
  if (direction != ov::op::RecurrentSequenceDirection::FORWARD) refuse(node, "runs backward");
  std::vector<std::string> activations{"sigmoid"};
  activations.insert(activations.end(), tanhs, "tanh");
  if (layer.get_clip() != 0 || layer.get_activations() != activations) {
    refuse(node, "has other activations than sigmoid and tanh");
  }
}

}  // namespace

/// Both order the gates update, reset, candidate. Of two biases OpenVINO adds up what is only ever
/// added: all, unless the reset gate acts behind the product.
void add_gru(GraphBuilder& graph, const ov::Node& node) {
  const auto& gru = dynamic_cast<const ov::op::v5::GRUSequence&>(node);
  require_keras(node, gru.get_direction(), 1);
  const std::size_t units = gru.get_hidden_size();
  const std::vector<float> sums = constant_floats(node, 5);
  const auto rest = sums.begin() + static_cast<std::ptrdiff_t>(3 * units);
  std::vector<float> biases(sums.begin(), rest);
  biases.insert(biases.end(), 2 * units, 0.0F);
  biases.insert(biases.end(), rest, sums.end());
  biases.resize(6 * units);
  const std::string bias = graph.floats({1, static_cast<std::int64_t>(biases.size())}, biases);
  auto& added =
      add_recurrent(graph, node, "GRU", {input(graph, node, 3), input(graph, node, 4), bias}, 1);
  set(added, "linear_before_reset", std::int64_t{gru.get_linear_before_reset()});
}

/// OpenVINO orders the gates forget, input, candidate, output, ONNX input, output, forget,
/// candidate.
void add_lstm(GraphBuilder& graph, const ov::Node& node) {
  const auto& lstm = dynamic_cast<const ov::op::v5::LSTMSequence&>(node);
  require_keras(node, lstm.get_direction(), 2);
  const auto reordered = [&](std::size_t index, std::size_t filled_up) {
    const std::vector<float> values = constant_floats(node, index);
    const auto gate = static_cast<std::ptrdiff_t>(values.size() / 4);
    std::vector<float> turned;
    for (const std::ptrdiff_t from : {1, 3, 0, 2}) {
      turned.insert(turned.end(), values.begin() + from * gate, values.begin() + (from + 1) * gate);
    }
    turned.resize(turned.size() + filled_up);
    const ov::Shape& shape = node.get_input_shape(index);
    Integers axes(shape.begin(), shape.end());
    axes[1] += static_cast<std::int64_t>(filled_up);
    return graph.floats(axes, turned);
  };
  // The second bias is part of the first.
  add_recurrent(graph, node, "LSTM",
                {reordered(4, 0), reordered(5, 0), reordered(6, 4 * lstm.get_hidden_size())}, 2);
}

}  // namespace vidclass::onnx
