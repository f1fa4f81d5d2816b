#include "backbone/pooled_output.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

#include <openvino/op/adaptive_avg_pool.hpp>
#include <openvino/op/add.hpp>
#include <openvino/op/avg_pool.hpp>
#include <openvino/op/clamp.hpp>
#include <openvino/op/constant.hpp>
#include <openvino/op/convert.hpp>
#include <openvino/op/gelu.hpp>
#include <openvino/op/hswish.hpp>
#include <openvino/op/multiply.hpp>
#include <openvino/op/reduce_mean.hpp>
#include <openvino/op/relu.hpp>
#include <openvino/op/reshape.hpp>
#include <openvino/op/result.hpp>
#include <openvino/op/squeeze.hpp>
#include <openvino/op/swish.hpp>
#include <openvino/op/unsqueeze.hpp>

#include "core/format.hpp"
#include "core/text.hpp"
#include "vidclass/error.hpp"

namespace vidclass::backbone {
namespace {

using Value = ov::Output<ov::Node>;

/// The axes of a map's positions if the node averages over all of them: {2, 3} or {1, 2}.
std::vector<std::int64_t> averaged_axes(const ov::Node& node) {
  if (node.get_input_size() == 0 || node.get_input_partial_shape(0).is_dynamic()) return {};
  const ov::Shape in = node.get_input_shape(0);
  if (in.size() != 4) return {};
  if (ov::is_type<ov::op::v1::ReduceMean>(&node)) {
    const auto constant = ov::as_type_ptr<ov::op::v0::Constant>(node.get_input_node_shared_ptr(1));
    if (!constant) return {};
    std::vector<std::int64_t> axes = constant->cast_vector<std::int64_t>();
    for (std::int64_t& axis : axes) axis += axis < 0 ? 4 : 0;
    std::sort(axes.begin(), axes.end());
    const bool positions =
        axes == std::vector<std::int64_t>{2, 3} || axes == std::vector<std::int64_t>{1, 2};
    return positions ? axes : std::vector<std::int64_t>{};
  }
  if (node.get_output_partial_shape(0).is_dynamic()) return {};
  const ov::Shape out = node.get_output_shape(0);
  if (out.size() != 4 || out[2] != 1 || out[3] != 1) return {};
  if (ov::is_type<ov::op::v8::AdaptiveAvgPool>(&node)) return {2, 3};
  if (const auto* pool = ov::as_type<const ov::op::util::AvgPoolBase>(&node)) {
    const bool whole = pool->get_kernel() == ov::Shape{in[2], in[3]};
    const auto is_zero = [](std::size_t pad) { return pad == 0; };
    const bool padded =
        !std::all_of(pool->get_pads_begin().begin(), pool->get_pads_begin().end(), is_zero) ||
        !std::all_of(pool->get_pads_end().begin(), pool->get_pads_end().end(), is_zero);
    if (whole && !padded) return {2, 3};
  }
  return {};
}

/// [N, D], or the same with axes of length 1.
bool is_vector(const Value& value) {
  if (value.get_partial_shape().is_dynamic()) return false;
  const ov::Shape& shape = value.get_shape();
  return shape.size() >= 2 &&
         std::count_if(shape.begin() + 1, shape.end(), [](std::size_t n) { return n > 1; }) <= 1;
}

bool is_map(const Value& value) {
  return value.get_partial_shape().is_static() && value.get_shape().size() == 4;
}

/// The node that computes the value's numbers: before changes of shape and type alone.
const ov::Node* before_reshaping(const Value& value) {
  const ov::Node* node = value.get_node();
  while (ov::is_type<ov::op::v1::Reshape>(node) || ov::is_type<ov::op::v0::Squeeze>(node) ||
         ov::is_type<ov::op::v0::Unsqueeze>(node) || ov::is_type<ov::op::v0::Convert>(node)) {
    node = node->get_input_node_ptr(0);
  }
  return node;
}

/// A network that reads frames with channels last may work with channels first inside, as those
/// that Keras exports to ONNX do: the square axes tell which it is.
bool has_channels_last(const ov::Shape& map, bool as_the_frames) {
  const bool first = map[2] == map[3];
  const bool last = map[1] == map[2];
  return first == last ? as_the_frames : last;
}

/// None if the map is not square.
std::optional<MapOutput> as_map(const Value& value, std::string name, bool channels_last) {
  const ov::Shape& shape = value.get_shape();
  const std::size_t height = shape[channels_last ? 1 : 2];
  const std::size_t width = shape[channels_last ? 2 : 3];
  if (height != width) return std::nullopt;
  return MapOutput{.value = value,
                   .channels_last = channels_last,
                   .name = std::move(name),
                   .width = shape[channels_last ? 3 : 1],
                   .side = height};
}

PooledOutput from_vector(const Value& vector, std::string name) {
  const ov::Shape& shape = vector.get_shape();
  PooledOutput output{.vector = vector,
                      .name = std::move(name),
                      .width = ov::shape_size(shape) / std::max<std::size_t>(1, shape[0])};
  const ov::Node* node = before_reshaping(vector);
  const auto axes = averaged_axes(*node);
  if (axes.empty()) return output;
  const bool channels_last = axes[0] == 1;
  const ov::Shape map = node->get_input_shape(0);
  if (map[channels_last ? 3 : 1] == output.width) {
    output.map = as_map(node->input_value(0), output.name, channels_last);
  }
  return output;
}

std::string name_of(const Value& value) {
  const auto& names = value.get_names();
  return names.empty() ? value.get_node()->get_friendly_name()
                       : *std::min_element(names.begin(), names.end());
}

/// A result stands for what it reads.
Value value_of(const ov::Output<const ov::Node>& output) {
  const auto node = std::const_pointer_cast<ov::Node>(output.get_node_shared_ptr());
  if (ov::is_type<ov::op::v0::Result>(node)) return node->input_value(0);
  return {node, output.get_index()};
}

[[noreturn]] void refuse(const ov::Model& model, const std::string& what) {
  std::vector<std::string> names;
  for (const auto& output : model.outputs()) {
    const Value value = value_of(output);
    names.push_back(format("{} {}", name_of(value), value.get_partial_shape().to_string()));
  }
  throw Error(format("{}; its outputs are {}", what, some_of(names, 8)));
}

Value named(const ov::Model& model, const std::string& name) {
  for (const auto& node : model.get_ordered_ops()) {
    for (const Value& value : node->outputs()) {
      if (value.get_names().contains(name) || node->get_friendly_name() == name) {
        return value_of(value);
      }
    }
  }
  refuse(model, format("it has no tensor named \"{}\"", name));
}

MapOutput square_map(const ov::Model& model, const Value& value, const std::string& name,
                     bool channels_last) {
  const bool last = has_channels_last(value.get_shape(), channels_last);
  if (auto map = as_map(value, name, last)) return *std::move(map);
  refuse(model,
         format("the map \"{}\" is not square: {}", name, value.get_partial_shape().to_string()));
}

PooledOutput named_output(const ov::Model& model, const std::string& wanted, bool channels_last) {
  const Value value = named(model, wanted);
  if (is_vector(value)) return from_vector(value, wanted);
  if (!is_map(value)) {
    refuse(model, format("the feature \"{}\" is {}, neither a vector nor a map of each frame",
                         wanted, value.get_partial_shape().to_string()));
  }
  MapOutput map = square_map(model, value, wanted, channels_last);
  const std::size_t width = map.width;
  return {.map = std::move(map), .name = wanted, .width = width};
}

}  // namespace

PooledOutput find_pooled_output(const ov::Model& model, const std::string& wanted,
                                bool channels_last) {
  if (!wanted.empty()) return named_output(model, wanted, channels_last);
  const auto ordered = model.get_ordered_ops();
  const auto last = std::find_if(ordered.rbegin(), ordered.rend(),
                                 [](const auto& node) { return !averaged_axes(*node).empty(); });
  if (last != ordered.rend()) return from_vector((*last)->output(0), name_of((*last)->output(0)));
  for (const auto& output : model.outputs()) {
    const Value value = value_of(output);
    if (is_vector(value)) return from_vector(value, name_of(value));
  }
  refuse(model,
         "it has no global average pooling and no output of one vector a frame: name one "
         "with the option feature");
}

std::optional<MapOutput> find_middle_map(const ov::Model& model, const PooledOutput& output,
                                         const std::string& wanted, bool channels_last) {
  if (!wanted.empty()) {
    const Value value = named(model, wanted);
    if (!is_map(value)) {
      refuse(model, format("\"{}\" is {}, not a map of each frame", wanted,
                           value.get_partial_shape().to_string()));
    }
    MapOutput map = square_map(model, value, wanted, channels_last);
    if (!output.map || map.side < output.map->side) {
      refuse(model, format("the map \"{}\" has a coarser grid than the features", wanted));
    }
    return map;
  }
  if (!output.map) return std::nullopt;
  std::optional<MapOutput> found;
  for (const auto& node : model.get_ordered_ops()) {
    // Whatever pads has a grid of its own, and convolutions and batch norms come before the
    // activation that makes features of what they give.
    const bool makes_features =
        ov::is_type<ov::op::v0::Relu>(node) || ov::is_type<ov::op::v0::Clamp>(node) ||
        ov::is_type<ov::op::v1::Add>(node) || ov::is_type<ov::op::v1::Multiply>(node) ||
        ov::is_type<ov::op::v4::Swish>(node) || ov::is_type<ov::op::v4::HSwish>(node) ||
        ov::is_type<ov::op::v7::Gelu>(node);
    if (!makes_features || !is_map(node->output(0))) continue;
    const bool last = has_channels_last(node->get_output_shape(0), channels_last);
    auto map = as_map(node->output(0), name_of(node->output(0)), last);
    if (!map || map->side <= output.map->side || (found && map->side > found->side)) continue;
    found = std::move(map);
  }
  return found;
}

}  // namespace vidclass::backbone
