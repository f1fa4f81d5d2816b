#include "model/layers_json.hpp"

#include "core/format.hpp"
#include "vidclass/error.hpp"

namespace vidclass::model {
namespace {

bool is_recurrent(head::LayerKind kind) noexcept {
  return kind == head::LayerKind::gru || kind == head::LayerKind::lstm;
}

/// The value of a name that `from` knows.
template <typename From>
auto value_of(const Json& json, const char* key, From from) {
  const auto name = json.at(key).get<std::string>();
  const auto value = from(name);
  if (!value) throw Error(format("a layer of a head has the {} \"{}\", not known here", key, name));
  return *value;
}

}  // namespace

Json layers_to_json(const std::vector<head::Layer>& layers) {
  Json list = Json::array();
  for (const head::Layer& layer : layers) {
    Json json{{"kind", head::to_string(layer.kind)},
              {"name", layer.name},
              {"units", layer.units},
              {"activation", head::to_string(layer.activation)},
              {"masked", layer.masked},
              {"epsilon", layer.epsilon}};
    if (layer.slope != 0) json["slope"] = layer.slope;
    if (is_recurrent(layer.kind)) {
      json["recurrent_activation"] = head::to_string(layer.recurrent_activation);
      json["reset_after"] = layer.reset_after;
      json["sequences"] = layer.sequences;
      if (layer.both_directions) json["both"] = head::to_string(*layer.both_directions);
    }
    list.push_back(std::move(json));
  }
  return list;
}

std::vector<head::Layer> layers_from(const Json& json) {
  std::vector<head::Layer> layers;
  for (const Json& entry : json) {
    head::Layer layer{.kind = value_of(entry, "kind", head::layer_kind_from),
                      .name = entry.at("name").get<std::string>(),
                      .units = entry.at("units").get<std::size_t>(),
                      .activation = value_of(entry, "activation", head::activation_from),
                      .masked = entry.at("masked").get<bool>(),
                      .epsilon = entry.at("epsilon").get<float>(),
                      .slope = entry.value("slope", 0.0F)};
    if (is_recurrent(layer.kind)) {
      layer.recurrent_activation = value_of(entry, "recurrent_activation", head::activation_from);
      layer.reset_after = entry.at("reset_after").get<bool>();
      layer.sequences = entry.at("sequences").get<bool>();
      if (entry.contains("both")) layer.both_directions = value_of(entry, "both", head::merge_from);
    }
    layers.push_back(std::move(layer));
  }
  return layers;
}

}  // namespace vidclass::model
