#include "exchange/model_graph.hpp"

#include <cstdint>
#include <string>
#include <vector>

#include <openvino/op/concat.hpp>
#include <openvino/op/constant.hpp>
#include <openvino/op/convert.hpp>
#include <openvino/op/gather.hpp>
#include <openvino/op/maximum.hpp>
#include <openvino/op/minimum.hpp>
#include <openvino/op/parameter.hpp>
#include <openvino/op/reshape.hpp>
#include <openvino/op/result.hpp>
#include <openvino/op/shape_of.hpp>

#include "backbone/network_graph.hpp"
#include "backbone/openvino_error.hpp"
#include "backbone/pooling.hpp"
#include "core/format.hpp"
#include "head/head_graph.hpp"
#include "vidclass/error.hpp"

namespace vidclass::exchange {
namespace {

using Value = ov::Output<ov::Node>;
using Parameter = ov::op::v0::Parameter;

Value integers(const std::vector<std::int64_t>& values) {
  return std::make_shared<ov::op::v0::Constant>(ov::element::i64, ov::Shape{values.size()}, values);
}

/// Whatever read `old` reads `now`.
void replace(const Value& old, const Value& now) {
  for (ov::Input<ov::Node> reader : old.get_target_inputs()) reader.replace_source_output(now);
}

std::shared_ptr<Parameter> parameter(const ov::Model& model, const std::string& name) {
  for (const auto& each : model.get_parameters()) {
    if (each->output(0).get_names().contains(name)) return each;
  }
  throw Error(format("the graph {} has no input {}", model.get_friendly_name(), name));
}

/// An input [B, T, ...] in the place of the network's [N, ...].
std::shared_ptr<Parameter> with_time(const ov::Model& network, const std::string& name) {
  const auto frames = parameter(network, name);
  ov::PartialShape shape = frames->get_partial_shape();
  std::vector<std::int64_t> joined{-1};
  for (std::size_t axis = 1; axis < shape.size(); ++axis)
    joined.push_back(shape[axis].get_length());
  shape.insert(shape.begin() + 1, ov::Dimension::dynamic());
  const auto clips = std::make_shared<Parameter>(frames->get_element_type(), shape);
  clips->set_friendly_name(name);
  clips->output(0).set_names({name});
  replace(frames->output(0),
          std::make_shared<ov::op::v1::Reshape>(clips, integers(joined), /*special_zero=*/false));
  return clips;
}

/// What a frame is described by, in the order in which heads read it: [B T, W].
Value joined_poolings(const ov::Model& network) {
  ov::OutputVector parts;
  for (const backbone::Pooling& pooling : backbone::poolings) {
    for (const auto& result : network.get_results()) {
      const Value value = result->input_value(0);
      if (value.get_names().contains(pooling.name)) parts.push_back(value);
    }
  }
  for (Value& part : parts) part.get_tensor().set_names({});
  return parts.size() == 1 ? parts[0] : Value(std::make_shared<ov::op::v0::Concat>(parts, 1));
}

/// Lengths beyond a clip's ends would be an error of some engines and a wrong result of others.
void keep_lengths_within(const std::shared_ptr<Parameter>& clips,
                         const std::shared_ptr<Parameter>& lengths) {
  const auto scalar = [](ov::element::Type type, std::int64_t value) {
    return std::make_shared<ov::op::v0::Constant>(type, ov::Shape{}, value);
  };
  const auto readers = lengths->output(0).get_target_inputs();
  const auto shape = std::make_shared<ov::op::v3::ShapeOf>(clips, ov::element::i64);
  const auto steps = std::make_shared<ov::op::v0::Convert>(
      std::make_shared<ov::op::v8::Gather>(shape, scalar(ov::element::i64, 1),
                                           scalar(ov::element::i64, 0)),
      ov::element::i32);
  const auto within = std::make_shared<ov::op::v1::Minimum>(
      std::make_shared<ov::op::v1::Maximum>(lengths, scalar(ov::element::i32, 1)), steps);
  for (ov::Input<ov::Node> reader : readers) reader.replace_source_output(within);
}

std::shared_ptr<ov::Model> join(const ov::Model& network, const ov::Model& heads) {
  ov::ParameterVector parameters;
  for (const auto& input : network.inputs()) {
    parameters.push_back(with_time(network, input.get_any_name()));
  }
  const auto features = parameter(heads, "features");
  const auto shape = std::make_shared<ov::op::v3::ShapeOf>(parameters[0], ov::element::i64);
  const auto clips_and_steps = std::make_shared<ov::op::v8::Gather>(
      shape, integers({0, 1}),
      std::make_shared<ov::op::v0::Constant>(ov::element::i64, ov::Shape{}, std::int64_t{0}));
  const std::int64_t width = features->get_partial_shape()[2].get_length();
  const auto wanted =
      std::make_shared<ov::op::v0::Concat>(ov::OutputVector{clips_and_steps, integers({width})}, 0);
  replace(features->output(0),
          std::make_shared<ov::op::v1::Reshape>(joined_poolings(network), wanted,
                                                /*special_zero=*/true));
  parameters.push_back(parameter(heads, "lengths"));
  keep_lengths_within(parameters.front(), parameters.back());
  return std::make_shared<ov::Model>(heads.get_results(), parameters, network.get_friendly_name());
}

}  // namespace

std::shared_ptr<ov::Model> frames_to_probabilities(const backbone::PreparedBackbone& network,
                                                   const head::Ensemble& heads) {
  const auto frames = backbone::network_graph(network);
  const auto ensemble = head::build_graph(heads);
  try {
    return join(*frames, *ensemble);
  } catch (const ov::Exception& error) {
    throw Error(format("{} and the heads cannot be joined: {}", network.info().name,
                       backbone::reason(error)));
  }
}

std::shared_ptr<ov::Model> features_to_probabilities(const head::Ensemble& heads) {
  auto graph = head::build_graph(heads);
  keep_lengths_within(parameter(*graph, "features"), parameter(*graph, "lengths"));
  return graph;
}

}  // namespace vidclass::exchange
