#include "exchange/keras_head.hpp"

#include <utility>

#include "core/format.hpp"
#include "exchange/keras_layers.hpp"
#include "vidclass/error.hpp"

namespace vidclass::exchange {
namespace {

bool reads_time(const head::Layer& layer) noexcept {
  switch (layer.kind) {
    case head::LayerKind::gru:
    case head::LayerKind::lstm:
    case head::LayerKind::mean_over_time:
    case head::LayerKind::max_over_time:
    case head::LayerKind::flatten:
      return true;
    default:
      return false;
  }
}

/// Sets what follows from a mask that came with the layer's input, or did not.
void set_mask(head::Layer& layer, bool masked, bool sequence, const KerasLayerKey& key) {
  layer.masked = masked;
  const bool sees_all = layer.kind == head::LayerKind::max_over_time ||
                        (layer.kind == head::LayerKind::flatten && sequence);
  if (!sees_all) return;
  if (masked) {
    throw Error(format("the layer {} ({}) looks at frames that the mask leaves out", key.name,
                       key.class_name));
  }
  layer.masked = false;
}

/// The sigmoid of a value is the second of the softmax of 0 and that value.
void make_two_labels(head::Layer& layer, NamedTensors& parameters) {
  layer.units = 2;
  layer.activation = head::Activation::linear;
  for (const char* name : {"/kernel", "/bias"}) {
    Tensor& old = parameters.at(layer.name + name);
    if (old.dim(old.rank() - 1) != 1) return;  // head::check() tells of the wrong shape
    Shape shape = old.shape();
    shape.back() = 2;
    Tensor both(DType::f32, shape);
    for (std::size_t i = 0; i < old.size(); ++i)
      both.data<float>()[2 * i + 1] = old.data<float>()[i];
    old = std::move(both);
  }
}

/// What comes last makes probabilities of the head's outputs, which heads do anyway.
void settle_outputs(std::vector<head::Layer>& layers, NamedTensors& parameters) {
  if (layers.empty()) throw Error("it has no layers that compute anything");
  const bool apart = layers.back().kind == head::LayerKind::activation && layers.size() > 1;
  head::Layer& dense = layers[layers.size() - (apart ? 2 : 1)];
  const head::Activation activation = layers.back().activation;
  if (dense.kind == head::LayerKind::dense && dense.units == 1 &&
      (!apart || dense.activation == head::Activation::linear) &&
      (activation == head::Activation::sigmoid || activation == head::Activation::linear)) {
    make_two_labels(dense, parameters);
    if (apart) layers.pop_back();
    return;
  }
  head::Layer& last = layers.back();
  if (last.activation == head::Activation::softmax) {
    last.activation = head::Activation::linear;
    if (last.kind == head::LayerKind::activation) layers.pop_back();
  } else if (last.kind != head::LayerKind::dense || last.activation != head::Activation::linear) {
    throw Error(format(
        "it ends in {}: softmax, the sigmoid of one value, or a dense layer before one is read",
        last.activation == head::Activation::linear ? head::to_string(last.kind)
                                                    : head::to_string(last.activation)));
  }
}

/// The values that a clip ends in.
std::size_t outputs_of(const std::vector<head::Layer>& layers) {
  for (auto layer = layers.rbegin(); layer != layers.rend(); ++layer) {
    if (layer->units == 0) continue;
    return layer->units * (layer->both_directions == head::Merge::concat ? 2 : 1);
  }
  throw Error("none of its layers has weights");
}

bool is_notebooks_gru(const head::Layer& layer, std::size_t units, bool sequences) {
  return layer.kind == head::LayerKind::gru && layer.units == units && layer.reset_after &&
         layer.sequences == sequences && layer.masked && !layer.both_directions &&
         layer.activation == head::Activation::tanh &&
         layer.recurrent_activation == head::Activation::sigmoid;
}

/// Is it the network that vidclass trains itself as keras-gru?
bool is_notebooks(const std::vector<head::Layer>& layers) {
  using head::keras_gru_units;
  return layers.size() == 4 && layers[0].name == "gru" && layers[2].name == "dense" &&
         is_notebooks_gru(layers[0], keras_gru_units[0], true) &&
         is_notebooks_gru(layers[1], keras_gru_units[1], false) &&
         layers[2].kind == head::LayerKind::dense && layers[2].units == head::keras_dense_units &&
         layers[2].activation == head::Activation::relu && layers[3].kind == head::LayerKind::dense;
}

}  // namespace

head::Head head_from(const KerasChain& chain, const KerasWeights& weights, std::size_t frames) {
  head::Head head;
  head.spec = {.kind = head::HeadKind::layers, .features = chain.features};
  std::vector<head::Layer>& layers = head.spec.layers;
  bool sequence = true;
  bool mask = false;
  for (const KerasLayer& each : chain.layers) {
    // The head's own names are in the manner of Keras: gru, gru_1, dense.
    const std::string name = snake_case(each.key.class_name) +
                             (each.key.number > 0 ? format("_{}", each.key.number) : "");
    TranslatedLayer translated = [&] {
      try {
        return translate(each, weights(each.key), name, sequence, chain.keras_version);
      } catch (const JsonException& error) {
        throw Error(format("the layer {} ({}) is not described as Keras does it ({})",
                           each.key.name, each.key.class_name, error.what()));
      }
    }();
    mask = mask || each.called_with_mask;
    const bool idle = translated.layer && translated.layer->kind == head::LayerKind::flatten &&
                      !sequence;  // already flat
    if (translated.layer && !idle) {
      head::Layer& layer = *translated.layer;
      set_mask(layer, mask, sequence, each.key);
      if (reads_time(layer) && !layer.sequences) sequence = false;
      layers.push_back(layer);
      head.parameters.merge(translated.parameters);
    }
    if (translated.mask == MaskFlow::starts) mask = true;
    if (translated.mask == MaskFlow::ends) mask = false;
  }
  settle_outputs(layers, head.parameters);
  head.spec.labels = outputs_of(layers);
  for (const head::Layer& layer : layers) {
    if (reads_time(layer) && !layer.masked) head.spec.steps = frames;
  }
  if (is_notebooks(layers)) {
    head.spec.kind = head::HeadKind::keras_gru;
    head.spec.layers.clear();
  }
  head::check(head);
  return head;
}

}  // namespace vidclass::exchange
