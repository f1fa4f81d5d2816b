#include "exchange/keras_chain.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "core/format.hpp"
#include "vidclass/error.hpp"

namespace vidclass::exchange {
namespace {

constexpr const char* input_class = "InputLayer";

std::string class_of(const Json& layer) { return layer.at("class_name").get<std::string>(); }
std::string name_of(const Json& layer) { return layer.at("config").at("name").get<std::string>(); }

/// [null, 20, 2048] without the batch.
std::optional<std::vector<std::size_t>> input_shape(const Json& config) {
  for (const char* key : {"batch_shape", "batch_input_shape"}) {
    const auto found = config.find(key);
    if (found == config.end() || !found->is_array()) continue;
    std::vector<std::size_t> shape;
    for (std::size_t i = 1; i < found->size(); ++i) {
      const Json& axis = (*found)[i];
      if (!axis.is_null() && !axis.is_number_unsigned()) {
        throw Error(format("its input has an axis of {}", shortened(axis)));
      }
      shape.push_back(axis.is_null() ? 0 : axis.get<std::size_t>());
    }
    return shape;
  }
  return std::nullopt;
}

/// Counts the layers of each class.
class Keys {
public:
  KerasLayerKey next(const std::string& class_name, const std::string& name) {
    return {class_name, name, numbers_[snake_case(class_name)]++};
  }

private:
  std::map<std::string, std::size_t> numbers_;
};

void set_input(KerasChain& chain, const std::vector<std::size_t>& shape) {
  if (shape.size() != 2) {
    throw Error(format("its input has {} axes: it must be frames by features", shape.size()));
  }
  constexpr std::size_t most_frames = 100'000;
  if (shape[0] > most_frames) throw Error(format("it takes {} frames of a clip", shape[0]));
  chain.frames = shape[0];
  chain.features = shape[1];
}

KerasChain sequential(const Json& config) {
  KerasChain chain;
  Keys keys;
  bool has_input = false;
  for (const Json& layer : config.at("layers")) {
    if (const auto shape = input_shape(layer.at("config")); shape && !has_input) {
      set_input(chain, *shape);
      has_input = true;
    }
    if (class_of(layer) == input_class) continue;
    chain.layers.push_back({keys.next(class_of(layer), name_of(layer)), layer.at("config")});
  }
  return chain;
}

/// A layer of a Functional network and where its input comes from.
struct Node {
  KerasLayer layer;
  std::optional<std::vector<std::size_t>> shape{};  // of an input
  std::string from{};
  std::string mask{};
};

/// The names of layers in ["a", 0, 0], [["a", 0, 0], ...] or of one of Keras's tensors.
std::vector<std::string> sources(const Json& json) {
  if (json.is_object()) {
    return {json.at("config").at("keras_history").at(0).get<std::string>()};
  }
  if (!json.is_array() || json.empty()) return {};
  if (json.at(0).is_string()) return {json.at(0).get<std::string>()};
  std::vector<std::string> names;
  for (const Json& each : json) {
    for (std::string& name : sources(each)) names.push_back(std::move(name));
  }
  return names;
}

/// `calls`: an element a call of the layer. Keras 3 has {"args", "kwargs"}, Keras 2 a list of
/// inputs [name, 0, 0, kwargs].
void set_sources(Node& node, const Json& calls) {
  const std::string& name = node.layer.key.name;
  if (calls.size() != 1) throw Error(format("the layer {} is used {} times", name, calls.size()));
  const Json& call = calls.at(0);
  Json kwargs = Json::object();
  std::vector<std::string> from;
  if (call.is_object()) {
    from = sources(call.at("args"));
    kwargs = call.at("kwargs");
  } else {
    from = sources(call);
    const Json& input = call.at(0).is_array() ? call.at(0) : call;
    if (input.size() > 3) kwargs = input.at(3);
  }
  if (from.size() != 1) {
    throw Error(format("the layer {} ({}) has {} inputs: only a chain of layers is read", name,
                       node.layer.key.class_name, from.size()));
  }
  node.from = from.front();
  if (kwargs.value("training", Json()) == Json(true)) {
    throw Error(format("the layer {} is called with training=True", name));
  }
  const auto mask = kwargs.find("mask");
  if (mask == kwargs.end() || mask->is_null()) return;
  const auto names = sources(*mask);
  if (names.size() != 1) throw Error(format("the mask of the layer {} is no input", name));
  node.mask = names.front();
}

KerasChain functional(const Json& config) {
  std::map<std::string, Node> nodes;
  Keys keys;
  for (const Json& layer : config.at("layers")) {
    const std::string name = name_of(layer);
    Node node{{keys.next(class_of(layer), name), layer.at("config")}};
    if (class_of(layer) == input_class) {
      node.shape = input_shape(layer.at("config"));
    } else {
      set_sources(node, layer.at("inbound_nodes"));
    }
    if (!nodes.emplace(name, std::move(node)).second) {
      throw Error(format("two layers are called {}", name));
    }
  }
  const auto outputs = sources(config.at("output_layers"));
  if (outputs.size() != 1) throw Error(format("it has {} outputs", outputs.size()));

  KerasChain chain;
  std::set<std::string> used;
  std::set<std::string> masks;
  for (std::string name = outputs.front();;) {
    const auto found = nodes.find(name);
    if (found == nodes.end()) throw Error(format("a layer reads {}, which is not there", name));
    if (!used.insert(name).second) throw Error(format("the layer {} reads itself", name));
    Node& node = found->second;
    if (node.layer.key.class_name == input_class) {
      if (!node.shape) throw Error(format("the input {} has no shape", name));
      set_input(chain, *node.shape);
      break;
    }
    if (!node.mask.empty()) {
      node.layer.called_with_mask = true;
      masks.insert(node.mask);
    }
    chain.layers.push_back(node.layer);
    name = node.from;
  }
  std::reverse(chain.layers.begin(), chain.layers.end());
  for (const auto& [name, node] : nodes) {
    if (used.contains(name) || (node.shape && node.shape->size() == 1)) continue;
    throw Error(format("the layer {} ({}) is beside the chain of layers that is read", name,
                       node.layer.key.class_name));
  }
  for (const std::string& mask : masks) {
    const auto found = nodes.find(mask);
    const bool is_input = found != nodes.end() && found->second.shape;
    if (!is_input || masks.size() > 1) {
      throw Error(format("the mask {} is computed: only an input is taken for one", mask));
    }
  }
  return chain;
}

}  // namespace

std::string shortened(const Json& json) {
  constexpr std::size_t longest = 60;
  const std::string text = to_text(json);
  return text.size() > longest ? text.substr(0, longest) + "..." : text;
}

KerasChain chain_from(const Json& config) {
  try {
    const std::string class_name = class_of(config);
    if (class_name == "Sequential") return sequential(config.at("config"));
    if (class_name == "Functional" || class_name == "Model") {
      return functional(config.at("config"));
    }
    throw Error(format("it is of the class {}: Sequential and Functional are read", class_name));
  } catch (const JsonException& error) {
    throw Error(format("its description is not as Keras writes it ({})", error.what()));
  }
}

}  // namespace vidclass::exchange
