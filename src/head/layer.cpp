#include "head/layer.hpp"

#include <array>
#include <set>

#include "core/format.hpp"
#include "vidclass/error.hpp"

namespace vidclass::head {
namespace {

template <typename T, std::size_t N>
using NameTable = std::array<std::pair<T, std::string_view>, N>;

constexpr NameTable<LayerKind, 9> layer_kinds{{{LayerKind::gru, "gru"},
                                               {LayerKind::lstm, "lstm"},
                                               {LayerKind::dense, "dense"},
                                               {LayerKind::activation, "activation"},
                                               {LayerKind::batch_norm, "batch_norm"},
                                               {LayerKind::layer_norm, "layer_norm"},
                                               {LayerKind::mean_over_time, "mean_over_time"},
                                               {LayerKind::max_over_time, "max_over_time"},
                                               {LayerKind::flatten, "flatten"}}};
// Keras's names.
constexpr NameTable<Activation, 15> activations{{{Activation::linear, "linear"},
                                                 {Activation::relu, "relu"},
                                                 {Activation::relu6, "relu6"},
                                                 {Activation::sigmoid, "sigmoid"},
                                                 {Activation::tanh, "tanh"},
                                                 {Activation::softmax, "softmax"},
                                                 {Activation::elu, "elu"},
                                                 {Activation::selu, "selu"},
                                                 {Activation::gelu, "gelu"},
                                                 {Activation::softplus, "softplus"},
                                                 {Activation::softsign, "softsign"},
                                                 {Activation::silu, "silu"},
                                                 {Activation::exponential, "exponential"},
                                                 {Activation::leaky_relu, "leaky_relu"},
                                                 {Activation::hard_sigmoid, "hard_sigmoid"}}};
constexpr NameTable<Merge, 4> merges{{{Merge::concat, "concat"},
                                      {Merge::sum, "sum"},
                                      {Merge::average, "ave"},
                                      {Merge::multiply, "mul"}}};

template <typename T, std::size_t N>
std::string_view named(const NameTable<T, N>& table, T wanted) noexcept {
  for (const auto& [value, name] : table) {
    if (value == wanted) return name;
  }
  return "?";
}

template <typename T, std::size_t N>
std::optional<T> found_in(const NameTable<T, N>& table, std::string_view wanted) noexcept {
  for (const auto& [value, name] : table) {
    if (name == wanted) return value;
  }
  return std::nullopt;
}

/// What goes from one layer to the next.
struct Flow {
  bool sequence = true;
  std::size_t width = 0;
};

class LayerShapes {
public:
  LayerShapes(std::size_t features, std::size_t steps) : steps_(steps) { flow_.width = features; }

  void add(const Layer& layer) {
    if (layer.name.empty() || !names_.insert(layer.name).second) {
      throw Error(format("two layers are called \"{}\"", layer.name));
    }
    switch (layer.kind) {
      case LayerKind::gru:
      case LayerKind::lstm:
        return add_recurrent(layer);
      case LayerKind::dense:
        if (layer.units == 0) throw Error(format("the layer {} has no units", layer.name));
        shapes_.emplace_back(layer.name + "/kernel", Shape{flow_.width, layer.units});
        shapes_.emplace_back(layer.name + "/bias", Shape{layer.units});
        flow_.width = layer.units;
        return;
      case LayerKind::activation:
        return;
      case LayerKind::batch_norm:
        add_values(layer, {"gamma", "beta", "moving_mean", "moving_variance"});
        return;
      case LayerKind::layer_norm:
        add_values(layer, {"gamma", "beta"});
        return;
      case LayerKind::mean_over_time:
      case LayerKind::max_over_time:
        need_time(layer);
        need_steps(layer, layer.kind == LayerKind::mean_over_time && layer.masked);
        flow_.sequence = false;
        return;
      case LayerKind::flatten:
        if (flow_.sequence) {
          need_steps(layer, false);
          flow_ = {false, flow_.width * steps_};
        }
        return;
    }
  }

  [[nodiscard]] const Flow& flow() const noexcept { return flow_; }
  [[nodiscard]] std::vector<std::pair<std::string, Shape>> take() { return std::move(shapes_); }

private:
  void need_time(const Layer& layer) const {
    if (flow_.sequence) return;
    throw Error(format("the layer {} reads frames, but the one before it gives none", layer.name));
  }
  void need_steps(const Layer& layer, bool masked) const {
    if (masked || steps_ > 0) return;
    throw Error(format("the layer {} needs a fixed number of frames", layer.name));
  }

  void add_values(const Layer& layer, std::initializer_list<const char*> names) {
    for (const char* name : names) {
      shapes_.emplace_back(layer.name + "/" + name, Shape{flow_.width});
    }
  }

  void add_recurrent(const Layer& layer) {
    need_time(layer);
    need_steps(layer, layer.masked);
    if (layer.units == 0) throw Error(format("the layer {} has no units", layer.name));
    const bool gru = layer.kind == LayerKind::gru;
    for (const Activation activation : {layer.activation, layer.recurrent_activation}) {
      if (activation == Activation::relu || activation == Activation::sigmoid ||
          activation == Activation::tanh) {
        continue;
      }
      throw Error(
          format("the layer {} has the activation {}: relu, sigmoid and tanh are known of {}",
                 layer.name, to_string(activation), gru ? "a GRU" : "an LSTM"));
    }
    const std::size_t gates = (gru ? 3 : 4) * layer.units;
    for (const char* direction : {"/forward", "/backward"}) {
      const std::string prefix = layer.name + (layer.both_directions ? direction : "") + "/";
      shapes_.emplace_back(prefix + "kernel", Shape{flow_.width, gates});
      shapes_.emplace_back(prefix + "recurrent_kernel", Shape{layer.units, gates});
      shapes_.emplace_back(prefix + "bias",
                           gru && layer.reset_after ? Shape{2, gates} : Shape{gates});
      if (!layer.both_directions) break;
    }
    flow_ = {layer.sequences, layer.units * (layer.both_directions == Merge::concat ? 2 : 1)};
  }

  std::size_t steps_;
  Flow flow_;
  std::set<std::string> names_;
  std::vector<std::pair<std::string, Shape>> shapes_;
};

}  // namespace

std::vector<std::pair<std::string, Shape>> parameter_shapes(const std::vector<Layer>& layers,
                                                            std::size_t features, std::size_t steps,
                                                            std::size_t labels) {
  LayerShapes shapes(features, steps);
  for (const Layer& layer : layers) shapes.add(layer);
  if (shapes.flow().sequence || shapes.flow().width != labels) {
    throw Error(format("the layers end in {} values of {}, not in {} of a clip",
                       shapes.flow().width, shapes.flow().sequence ? "each frame" : "a clip",
                       labels));
  }
  return shapes.take();
}

std::string_view to_string(LayerKind kind) noexcept { return named(layer_kinds, kind); }
std::string_view to_string(Activation activation) noexcept {
  return named(activations, activation);
}
std::string_view to_string(Merge merge) noexcept { return named(merges, merge); }

std::optional<LayerKind> layer_kind_from(std::string_view name) noexcept {
  return found_in(layer_kinds, name);
}
std::optional<Activation> activation_from(std::string_view name) noexcept {
  return found_in(activations, name);
}
std::optional<Merge> merge_from(std::string_view name) noexcept { return found_in(merges, name); }

}  // namespace vidclass::head
