#include "exchange/keras_network.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <utility>

#include "core/format.hpp"
#include "exchange/keras_file.hpp"

namespace vidclass::exchange {

KerasNetwork::Value KerasNetwork::input(const std::string& name,
                                        const std::vector<std::size_t>& shape,
                                        const std::string& dtype) {
  Json batch_shape = Json::array({nullptr});
  for (const std::size_t axis : shape) batch_shape.push_back(axis == 0 ? Json() : Json(axis));
  Node node{.class_name = "InputLayer"};
  node.entry = {{"module", "keras.layers"},
                {"class_name", node.class_name},
                {"config", {{"batch_shape", batch_shape}, {"dtype", dtype}, {"name", name}}},
                {"registered_name", nullptr},
                {"name", name},
                {"inbound_nodes", Json::array()}};
  nodes_.push_back(std::move(node));
  return {nodes_.size() - 1, 0};
}

Json KerasNetwork::reference(const Value& value) const {
  // Keras works shapes out again when it calls the layers.
  return {
      {"class_name", "__keras_tensor__"},
      {"config",
       {{"shape", Json::array({nullptr})},
        {"dtype", "float32"},
        {"keras_history", Json::array({nodes_[value.node].entry.at("name"), 0, value.output})}}}};
}

KerasNetwork::Value KerasNetwork::add(Node node, Json config, const Call& call) {
  const std::string name = format("{}_{}", snake_case(node.class_name), nodes_.size());
  config["name"] = name;
  Json inputs = Json::array();
  for (const Value& value : call.inputs) inputs.push_back(reference(value));
  Json args = call.as_list ? Json::array({inputs}) : std::move(inputs);
  for (const double number : call.numbers) args.push_back(number);
  Json kwargs = Json::object();
  for (const Value& value : call.mask) kwargs["mask"] = reference(value);
  Json node_call{{"args", std::move(args)}, {"kwargs", std::move(kwargs)}};
  node.entry = {{"module", node.is_layer ? "keras.layers" : node.entry.get<std::string>()},
                {"class_name", node.class_name},
                {"config", std::move(config)},
                {"registered_name", node.is_layer ? Json() : Json(node.class_name)},
                {"name", name},
                {"inbound_nodes", Json::array({std::move(node_call)})}};
  for (const auto* values : {&call.inputs, &call.mask}) {
    for (const Value& value : *values) node.parents.push_back(value.node);
  }
  nodes_.push_back(std::move(node));
  return {nodes_.size() - 1, 0};
}

KerasNetwork::Value KerasNetwork::layer(const std::string& class_name, Json config,
                                        const Call& call, NamedTensors weights) {
  config["dtype"] = "float32";
  return add({.class_name = class_name, .weights = std::move(weights)}, std::move(config), call);
}

KerasNetwork::Value KerasNetwork::operation(const std::string& module,
                                            const std::string& class_name, Json config,
                                            const Call& call) {
  return add({.class_name = class_name, .entry = "keras.src.ops." + module, .is_layer = false},
             std::move(config), call);
}

KerasNetwork::Parts KerasNetwork::finish(const Value& output) const {
  // Weights belong to layers by their class and place, and Keras puts layers in an order of its
  // own: by their distance from the output, then as it comes to them (map_graph() in
  // keras/src/ops/function.py). So the layers are written in that order.
  std::vector<std::size_t> distances(nodes_.size(), 0);
  for (std::size_t i = nodes_.size(); i-- > 0;) {
    for (const std::size_t parent : nodes_[i].parents) {
      distances[parent] = std::max(distances[parent], distances[i] + 1);
    }
  }
  std::vector<std::size_t> order(nodes_.size());
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return distances[a] > distances[b]; });
  Parts parts;
  Json layers = Json::array();
  Json inputs = Json::array();
  std::map<std::string, std::size_t> numbers;
  for (const std::size_t i : order) {
    const Node& node = nodes_[i];
    layers.push_back(node.entry);
    if (!node.is_layer) continue;
    const std::string group = snake_case(node.class_name);
    const std::size_t number = numbers[group]++;
    for (const auto& [place, tensor] : node.weights) {
      parts.weights.emplace(
          format("layers/{}{}/{}", group, number > 0 ? format("_{}", number) : "", place), tensor);
    }
  }
  for (const Node& node : nodes_) {
    if (node.parents.empty()) inputs.push_back(Json::array({node.entry.at("name"), 0, 0}));
  }
  parts.config = {
      {"module", "keras.src.models.functional"},
      {"class_name", "Functional"},
      {"config",
       {{"name", "vidclass"},
        {"trainable", true},
        {"layers", std::move(layers)},
        {"input_layers", std::move(inputs)},
        {"output_layers",
         Json::array({Json::array({nodes_[output.node].entry.at("name"), 0, output.output})})}}},
      {"registered_name", "Functional"}};
  return parts;
}

}  // namespace vidclass::exchange
