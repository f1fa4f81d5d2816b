#include "exchange/keras_frames.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <openvino/op/add.hpp>
#include <openvino/op/clamp.hpp>
#include <openvino/op/constant.hpp>
#include <openvino/op/convolution.hpp>
#include <openvino/op/group_conv.hpp>
#include <openvino/op/max_pool.hpp>
#include <openvino/op/pad.hpp>
#include <openvino/op/reduce_mean.hpp>

#include "backbone/overlaps.hpp"
#include "backbone/pooling.hpp"
#include "core/format.hpp"
#include "vidclass/error.hpp"

namespace vidclass::exchange {
namespace {

using FrameValue = KerasNetwork::Value;

[[noreturn]] void refuse_in_keras(const ov::Node& node) {
  throw Error(format("the operation {} ({}) cannot be written as layers of Keras",
                     node.get_type_name(), node.get_friendly_name()));
}

template <typename Node>
const Node& node_as(const ov::Node& node) {
  return dynamic_cast<const Node&>(node);
}

const ov::op::v0::Constant& constant_of(const ov::Node& node, std::size_t input) {
  const auto* values = dynamic_cast<const ov::op::v0::Constant*>(node.get_input_node_ptr(input));
  if (values == nullptr) refuse_in_keras(node);
  return *values;
}

Json padding_of(const ov::Node& node, ov::op::PadType padding) {
  if (padding == ov::op::PadType::SAME_UPPER) return "same";
  if (padding == ov::op::PadType::VALID) return "valid";
  refuse_in_keras(node);
}

/// [planes, height x width] to [height x width, planes], of `outer` matrices in a row.
Tensor planes_last(std::vector<float> values, std::size_t planes, const Shape& shape) {
  Tensor turned(DType::f32, shape);
  const auto target = turned.data<float>();
  const std::size_t places = values.size() / planes;
  for (std::size_t plane = 0; plane < planes; ++plane) {
    for (std::size_t place = 0; place < places; ++place) {
      target[place * planes + plane] = values[plane * places + place];
    }
  }
  return turned;
}

/// OpenVINO's maps are [N, C, h, w], those of the layers [N, h, w, C].
class FrameLayers {
public:
  FrameLayers(KerasNetwork& network, const ov::Model& graph, std::size_t frames)
      : network_(network), graph_(graph), frames_(frames) {}

  FrameValue run() {
    const auto side =
        static_cast<std::size_t>(graph_.input("frames").get_partial_shape()[1].get_length());
    const FrameValue clips = network_.input("frames", {frames_, side, side, 3}, "uint8");
    pixels_ = operation(
        "core", "Cast", {{"dtype", "float32"}},
        {operation("numpy", "Reshape", {{"newshape", Json::array({-1, side, side, 3})}}, {clips})});
    std::vector<FrameValue> features;
    std::size_t width = 0;
    for (const backbone::Pooling& pooling : backbone::poolings) {
      const ov::Node* output = output_named(pooling.name);
      if (output == nullptr) continue;
      features.push_back(pooled(pooling));
      width += static_cast<std::size_t>(output->get_output_partial_shape(0)[1].get_length());
    }
    const FrameValue all = features.size() == 1 ? features.front()
                                                : layer("Concatenate", {{"axis", -1}},
                                                        {.inputs = features, .as_list = true});
    return operation("numpy", "Reshape", {{"newshape", Json::array({-1, frames_, width})}}, {all});
  }

private:
  FrameValue layer(const char* class_name, Json config, const KerasNetwork::Call& call,
                   NamedTensors weights = {}) {
    return network_.layer(class_name, std::move(config), call, std::move(weights));
  }
  /// Of maps, whatever order of their axes Keras is set to.
  FrameValue map_layer(const char* class_name, Json config, const FrameValue& x,
                       NamedTensors weights = {}) {
    config["data_format"] = "channels_last";
    return layer(class_name, std::move(config), {.inputs = {x}}, std::move(weights));
  }
  FrameValue operation(const char* module, const char* class_name, Json config,
                       const std::vector<FrameValue>& inputs) {
    return network_.operation(module, class_name, std::move(config), {.inputs = inputs});
  }

  /// What gives the output; null where there is none of the name.
  [[nodiscard]] const ov::Node* output_named(const std::string& name) const {
    for (const auto& result : graph_.get_results()) {
      if (result->input_value(0).get_names().contains(name)) return result->get_input_node_ptr(0);
    }
    return nullptr;
  }

  /// The map that the plain average is of.
  [[nodiscard]] ov::Output<ov::Node> averaged_map(const char* name) const {
    const ov::Node* mean = output_named(name);
    if (mean == nullptr || std::string_view(mean->get_type_name()) != "ReduceMean") {
      throw Error(format(
          "the features of {} are no averages of maps: it cannot be written as layers of Keras",
          graph_.get_friendly_name()));
    }
    return mean->input_value(0);
  }

  FrameValue pooled(const backbone::Pooling& pooling) {
    const ov::Output<ov::Node> output = averaged_map(pooling.middle ? "middle" : "avg");
    const FrameValue map = map_of(output);
    if (!pooling.weighted) return map_layer("GlobalAveragePooling2D", Json::object(), map);
    const ov::PartialShape& shape = output.get_partial_shape();
    const auto side = static_cast<std::size_t>(shape[2].get_length());
    const auto channels = static_cast<std::size_t>(shape[1].get_length());
    const FrameValue weights = reshaped(weights_on(side), {side * side, 1});
    const FrameValue places = reshaped(map, {side * side, channels});
    const FrameValue sum =
        layer("Dot", {{"axes", 1}}, {.inputs = {weights, places}, .as_list = true});
    return layer("Flatten", Json::object(), {.inputs = {sum}});
  }
  FrameValue reshaped(const FrameValue& x, const std::vector<std::size_t>& shape) {
    return layer("Reshape", {{"target_shape", shape}}, {.inputs = {x}});
  }

  /// The motion map on a grid of `side` x `side`, [B T, side, side], as backbone::shared_out() has
  /// it.
  FrameValue weights_on(std::size_t side) {
    const auto own =
        static_cast<std::size_t>(graph_.input("motion_map").get_partial_shape()[1].get_length());
    if (!motion_map_) {
      const FrameValue clips = network_.input("motion_map", {frames_, own, own}, "float32");
      motion_map_ =
          operation("numpy", "Reshape", {{"newshape", Json::array({-1, own, own})}}, {clips});
    }
    if (side == own) return *motion_map_;
    // [side, own], as a kernel [own, side].
    const Tensor kernel = planes_last(backbone::overlaps(own, side), side, {own, side});
    FrameValue x = *motion_map_;
    for (int axis = 0; axis < 2; ++axis) {
      x = layer("Dense", {{"units", side}, {"activation", "linear"}, {"use_bias", false}},
                {.inputs = {x}}, {{"vars/0", kernel}});
      x = layer("Permute", {{"dims", Json::array({2, 1})}}, {.inputs = {x}});
    }
    return x;
  }

  FrameValue map_of(const ov::Output<ov::Node>& output) {
    const ov::Node& node = *output.get_node();
    if (const auto known = maps_.find(&node); known != maps_.end()) return known->second;
    using Make = FrameValue (FrameLayers::*)(const ov::Node&);
    static const std::map<std::string_view, Make> makers{
        {"Transpose", &FrameLayers::pixels}, {"Convolution", &FrameLayers::convolution},
        {"Add", &FrameLayers::sum},          {"GroupConvolution", &FrameLayers::convolution},
        {"Relu", &FrameLayers::relu},        {"Clamp", &FrameLayers::clamp},
        {"MaxPool", &FrameLayers::max_pool}, {"Pad", &FrameLayers::pad}};
    const auto maker = makers.find(node.get_type_name());
    if (maker == makers.end()) refuse_in_keras(node);
    const FrameValue value = (this->*maker->second)(node);
    maps_.emplace(&node, value);
    return value;
  }

  /// Frames as they come have their channels last.
  FrameValue pixels(const ov::Node& node) {
    const bool of_frames =
        constant_of(node, 1).cast_vector<int>() == std::vector{0, 3, 1, 2} &&
        std::string_view(node.get_input_node_ptr(0)->get_type_name()) == "Convert";
    if (!of_frames) refuse_in_keras(node);
    return *pixels_;
  }

  FrameValue convolution(const ov::Node& node) { return convolved(node, std::nullopt); }

  FrameValue convolved(const ov::Node& node, std::optional<Tensor> bias) {
    const ov::op::v0::Constant& kernel = constant_of(node, 1);
    const ov::Shape shape = kernel.get_shape();
    NamedTensors weights;
    if (bias) weights.emplace("vars/1", std::move(*bias));
    Json config{{"use_bias", !weights.empty()}, {"activation", "linear"}};
    const std::size_t height = shape[shape.size() - 2];
    const std::size_t width = shape[shape.size() - 1];
    config["kernel_size"] = Json::array({height, width});
    const auto add = [&](const char* class_name, const auto& convolution,
                         const Shape& keras_shape) {
      if (convolution.get_dilations() != ov::Strides{1, 1}) refuse_in_keras(node);
      config["strides"] = std::vector<std::size_t>(convolution.get_strides());
      config["padding"] = padding_of(node, convolution.get_auto_pad());
      // [out, in, height, width] to [height, width, in, out], [channels, 1, 1, ...] to [..., 1].
      weights.emplace("vars/0",
                      planes_last(in_out(kernel), keras_shape[2] * keras_shape[3], keras_shape));
      return map_layer(class_name, std::move(config), map_of(node.input_value(0)),
                       std::move(weights));
    };
    if (const auto* plain = dynamic_cast<const ov::op::v1::Convolution*>(&node)) {
      config["filters"] = shape[0];
      return add("Conv2D", *plain, {height, width, shape[1], shape[0]});
    }
    if (shape[1] != 1 || shape[2] != 1) refuse_in_keras(node);  // in groups of several
    config["depth_multiplier"] = 1;
    return add("DepthwiseConv2D", node_as<ov::op::v1::GroupConvolution>(node),
               {height, width, shape[0], 1});
  }

  /// A kernel [out, in, ...] as [in, out, ...]; that of a depthwise one as it is.
  static std::vector<float> in_out(const ov::op::v0::Constant& kernel) {
    const auto values = kernel.cast_vector<float>();
    const ov::Shape& shape = kernel.get_shape();
    if (shape.size() > 4) return values;
    const std::size_t out = shape[0];
    const std::size_t in = shape[1];
    const std::size_t area = shape[2] * shape[3];
    std::vector<float> turned(values.size());
    for (std::size_t o = 0; o < out; ++o) {
      for (std::size_t i = 0; i < in; ++i) {
        std::copy_n(&values[(o * in + i) * area], area, &turned[(i * out + o) * area]);
      }
    }
    return turned;
  }

  /// Of two maps, or of a convolution and its bias.
  FrameValue sum(const ov::Node& node) {
    const auto* bias = dynamic_cast<const ov::op::v0::Constant*>(node.get_input_node_ptr(1));
    if (bias == nullptr) {
      const FrameValue first = map_of(node.input_value(0));
      return layer("Add", Json::object(),
                   {.inputs = {first, map_of(node.input_value(1))}, .as_list = true});
    }
    const ov::Node& of = *node.get_input_node_ptr(0);
    const std::string_view type = of.get_type_name();
    if (type != "Convolution" && type != "GroupConvolution") refuse_in_keras(node);
    const auto values = bias->cast_vector<float>();
    return convolved(of, Tensor::from<float>({values.size()}, values));
  }

  FrameValue relu(const ov::Node& node) {
    return layer("ReLU", Json::object(), {.inputs = {map_of(node.input_value(0))}});
  }

  FrameValue clamp(const ov::Node& node) {
    const auto& limits = node_as<ov::op::v0::Clamp>(node);
    if (limits.get_min() != 0) refuse_in_keras(node);
    return layer("ReLU", {{"max_value", limits.get_max()}},
                 {.inputs = {map_of(node.input_value(0))}});
  }

  FrameValue max_pool(const ov::Node& node) {
    const auto& pool = node_as<ov::op::v1::MaxPool>(node);
    return map_layer("MaxPooling2D",
                     {{"pool_size", std::vector<std::size_t>(pool.get_kernel())},
                      {"strides", std::vector<std::size_t>(pool.get_strides())},
                      {"padding", padding_of(node, pool.get_auto_pad())}},
                     map_of(node.input_value(0)));
  }

  /// With any value: what is padded with 0 is less that value before and more after.
  FrameValue pad(const ov::Node& node) {
    const auto begin = constant_of(node, 1).cast_vector<std::size_t>();
    const auto end = constant_of(node, 2).cast_vector<std::size_t>();
    const auto value = constant_of(node, 3).cast_vector<float>();
    const bool around = begin.size() == 4 && begin[0] + begin[1] + end[0] + end[1] == 0;
    if (node_as<ov::op::v1::Pad>(node).get_pad_mode() != ov::op::PadMode::CONSTANT || !around) {
      refuse_in_keras(node);
    }
    const auto moved = [&](const FrameValue& x, float by) {
      return layer("Rescaling", {{"scale", 1.0}, {"offset", by}}, {.inputs = {x}});
    };
    const FrameValue less = moved(map_of(node.input_value(0)), -value.at(0));
    const FrameValue padded = map_layer(
        "ZeroPadding2D",
        {{"padding",
          Json::array({Json::array({begin[2], end[2]}), Json::array({begin[3], end[3]})})}},
        less);
    return moved(padded, value.at(0));
  }

  KerasNetwork& network_;
  const ov::Model& graph_;
  std::size_t frames_;
  std::optional<FrameValue> pixels_{};
  std::optional<FrameValue> motion_map_{};
  std::map<const ov::Node*, FrameValue> maps_;
};

}  // namespace

KerasNetwork::Value add_frames_network(KerasNetwork& network, const ov::Model& graph,
                                       std::size_t frames) {
  return FrameLayers(network, graph, frames).run();
}

}  // namespace vidclass::exchange
