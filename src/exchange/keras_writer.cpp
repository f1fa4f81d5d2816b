#include "exchange/keras_writer.hpp"

#include <algorithm>
#include <map>
#include <numbers>
#include <optional>
#include <span>

#include "core/atomic_file.hpp"
#include "core/format.hpp"
#include "core/hdf5_writer.hpp"
#include "core/zip.hpp"
#include "exchange/keras_frames.hpp"
#include "exchange/keras_network.hpp"
#include "vidclass/error.hpp"

namespace vidclass::exchange {
namespace {

using KerasValue = KerasNetwork::Value;
using head::Transform;

Tensor of_value(std::size_t size, float value) {
  return Tensor::from<float>({size}, std::vector<float>(size, value));
}

class HeadWriter {
public:
  /// From features. `frames`: T, 0 for any.
  HeadWriter(const head::HeadSpec& spec, std::size_t frames, bool masked) {
    features_ = network_.input("features", {frames, head::input_width(spec)}, "float32");
    if (masked) mask_ = network_.input("mask", {frames}, "bool");
    split(spec);
  }
  /// From frames.
  HeadWriter(const head::HeadSpec& spec, std::size_t frames, const ov::Model& network) {
    const KerasValue all = add_frames_network(network_, network, frames);
    mask_ = network_.input("mask", {frames}, "bool");
    features_ = operation("Multiply", {all, ones_where_masked()});
    split(spec);
  }

  KerasValue write(const head::Head& head) {
    head_ = &head;
    along_axes_.clear();
    switch (head.spec.kind) {
      case head::HeadKind::mean:
        return dense(norm(mean_over_time(parts_.at(0))), "classifier", "softmax");
      case head::HeadKind::keras_gru:
        return write_keras_gru();
      case head::HeadKind::gru:
        return write_gru();
      case head::HeadKind::moments:
        return write_moments();
      case head::HeadKind::layers:
        return write_layers();
    }
    throw Error("a head of this kind is not exported");
  }

  KerasValue average(const std::vector<KerasValue>& values) {
    if (values.size() == 1) return values.front();
    return network_.layer("Average", {}, {.inputs = values, .as_list = true});
  }
  [[nodiscard]] KerasNetwork::Parts finish(const KerasValue& output) const {
    return network_.finish(output);
  }

private:
  [[nodiscard]] const Tensor& at(const std::string& name) const {
    return head_->parameters.at(name);
  }
  [[nodiscard]] std::vector<KerasValue> mask() const {
    return mask_ ? std::vector<KerasValue>{*mask_} : std::vector<KerasValue>{};
  }

  /// x, m, x' and m', as far as they are there.
  void split(const head::HeadSpec& spec) {
    Json ends = Json::array();
    std::size_t end = 0;
    for (const std::size_t width : {spec.features, spec.middle}) {
      for (std::size_t i = 0; width > 0 && i < spec.poolings; ++i) ends.push_back(end += width);
    }
    ends.erase(ends.size() - 1);
    if (ends.empty()) {
      parts_.push_back(features_);
      return;
    }
    const KerasValue all = network_.operation(
        "numpy", "Split", {{"indices_or_sections", ends}, {"axis", -1}}, {.inputs = {features_}});
    for (std::size_t i = 0; i <= ends.size(); ++i) parts_.push_back({all.node, i});
  }

  /// x, m, x' or m' as the head reads it: itself, or along its axes. Layers are made when they are
  /// first read, which is the order in which Keras comes to them.
  KerasValue part(std::size_t i) {
    const bool middle = i >= head_->spec.poolings;
    const std::size_t axes = middle ? head_->spec.middle_axes : head_->spec.axes;
    if (axes == 0) return parts_.at(i);
    const auto [along, is_new] = along_axes_.try_emplace(i);
    if (is_new) {
      along->second = network_.layer(
          "Dense", {{"units", axes}, {"activation", "linear"}, {"use_bias", false}},
          {.inputs = {parts_.at(i)}}, {{"vars/0", at(middle ? "axes/middle" : "axes/last")}});
    }
    return along->second;
  }

  KerasValue dense(const KerasValue& x, const std::string& name, std::string_view activation) {
    const Tensor& kernel = at(name + "/kernel");
    return network_.layer(
        "Dense", {{"units", kernel.dim(1)}, {"activation", activation}, {"use_bias", true}},
        {.inputs = {x}}, {{"vars/0", kernel}, {"vars/1", at(name + "/bias")}});
  }

  /// (x - mean) * scale.
  KerasValue norm(const KerasValue& x) {
    const Tensor& mean = at("norm/mean");
    const auto scale = head_->parameters.find("norm/scale");
    const std::size_t width = mean.size();
    return network_.layer(
        "BatchNormalization", {{"axis", -1}, {"epsilon", 0.0}}, {.inputs = {x}},
        {{"vars/0", scale == head_->parameters.end() ? of_value(width, 1) : scale->second},
         {"vars/1", of_value(width, 0)},
         {"vars/2", mean},
         {"vars/3", of_value(width, 1)}});
  }

  /// [B, T, X] to [B, X], or with `keep` to [B, 1, X].
  KerasValue mean_over_time(const KerasValue& x, bool keep = false) {
    return network_.layer("GlobalAveragePooling1D", {{"keepdims", keep}},
                          {.inputs = {x}, .mask = mask()});
  }

  static Json cell_config(std::string_view activation, std::string_view recurrent,
                          std::size_t units, bool sequences) {
    return {{"units", units},
            {"activation", activation},
            {"recurrent_activation", recurrent},
            {"use_bias", true},
            {"return_sequences", sequences}};
  }
  void add_cell(NamedTensors& weights, const std::string& place, const std::string& name) const {
    weights.emplace(place + "cell/vars/0", at(name + "/kernel"));
    weights.emplace(place + "cell/vars/1", at(name + "/recurrent_kernel"));
    weights.emplace(place + "cell/vars/2", at(name + "/bias"));
  }

  KerasValue recurrent(const KerasValue& x, const head::Layer& layer) {
    const bool gru = layer.kind == head::LayerKind::gru;
    const char* class_name = gru ? "GRU" : "LSTM";
    Json config =
        cell_config(head::to_string(layer.activation), head::to_string(layer.recurrent_activation),
                    layer.units, layer.sequences);
    if (gru) config["reset_after"] = layer.reset_after;
    const KerasNetwork::Call call{.inputs = {x},
                                  .mask = layer.masked ? mask() : std::vector<KerasValue>{}};
    NamedTensors weights;
    if (!layer.both_directions) {
      add_cell(weights, "", layer.name);
      return network_.layer(class_name, std::move(config), call, std::move(weights));
    }
    add_cell(weights, "forward_layer/", layer.name + "/forward");
    add_cell(weights, "backward_layer/", layer.name + "/backward");
    config["name"] = "one_direction";
    config["dtype"] = "float32";
    Json inner{{"module", "keras.layers"},
               {"class_name", class_name},
               {"config", std::move(config)},
               {"registered_name", nullptr}};
    return network_.layer(
        "Bidirectional",
        {{"layer", std::move(inner)}, {"merge_mode", head::to_string(*layer.both_directions)}},
        call, std::move(weights));
  }

  KerasValue write_keras_gru() {
    const auto gru = [](const char* name, std::size_t units, bool sequences) {
      return head::Layer{.kind = head::LayerKind::gru,
                         .name = name,
                         .units = units,
                         .activation = head::Activation::tanh,
                         .sequences = sequences};
    };
    const KerasValue all = recurrent(parts_.at(0), gru("gru", head::keras_gru_units[0], true));
    const KerasValue last = recurrent(all, gru("gru_1", head::keras_gru_units[1], false));
    return dense(dense(last, "dense", "relu"), "dense_1", "softmax");
  }

  KerasValue transformed(Transform transform) {
    const bool middle = head::needs_middle(transform);
    // x, m, x', m', the second and fourth only with two poolings.
    const std::size_t plain = middle ? head_->spec.poolings : 0;
    const KerasValue read = part(head::needs_motion(transform) ? plain + 1 : plain);
    if (transform == Transform::contrast || transform == Transform::middle_contrast) {
      return difference(read, part(plain));
    }
    return head::is_centred(transform) ? difference(read, mean_over_time(read, true)) : read;
  }
  KerasValue difference(const KerasValue& a, const KerasValue& b) {
    return network_.layer("Subtract", {}, {.inputs = {a, b}, .as_list = true});
  }
  KerasValue joined(const std::vector<KerasValue>& values, int axis) {
    if (values.size() == 1) return values.front();
    return network_.layer("Concatenate", {{"axis", axis}}, {.inputs = values, .as_list = true});
  }

  KerasValue write_gru() {
    std::vector<KerasValue> read;
    for (const Transform transform : head_->spec.transforms) read.push_back(transformed(transform));
    const KerasValue projected = dense(norm(joined(read, -1)), "projection", "relu");
    NamedTensors weights;
    add_cell(weights, "forward_layer/", "forward");
    add_cell(weights, "backward_layer/", "backward");
    Json cell = cell_config("tanh", "sigmoid", head_->spec.hidden, true);
    cell["reset_after"] = true;
    cell["name"] = "one_direction";
    cell["dtype"] = "float32";
    const KerasValue states =
        network_.layer("Bidirectional",
                       {{"layer",
                         {{"module", "keras.layers"},
                          {"class_name", "GRU"},
                          {"config", std::move(cell)},
                          {"registered_name", nullptr}}},
                        {"merge_mode", "concat"}},
                       {.inputs = {projected}, .mask = mask()}, std::move(weights));
    return dense(mean_over_time(states), "classifier", "softmax");
  }

  KerasValue operation(const char* name, const std::vector<KerasValue>& inputs,
                       const std::vector<double>& numbers = {}, Json config = Json::object()) {
    return network_.operation("numpy", name, std::move(config),
                              {.inputs = inputs, .numbers = numbers});
  }

  /// 1 for the frames of a clip, else 0: [B, T, 1].
  KerasValue ones_where_masked() {
    return operation(
        "ExpandDims",
        {network_.operation("core", "Cast", {{"dtype", "float32"}}, {.inputs = mask()})}, {},
        {{"axis", -1}});
  }

  /// The rows of the cosine transform over each clip's own frames (head::Head), [B, T, 3]; the
  /// same for all heads.
  const KerasValue& cosines() {
    if (cosines_) return *cosines_;
    const KerasValue own = ones_where_masked();
    const KerasValue count = operation("Sum", {own}, {}, {{"axis", 1}, {"keepdims", true}});
    const KerasValue until = operation("Cumsum", {own}, {}, {{"axis", 1}});
    const KerasValue place = operation("Divide", {operation("Subtract", {until}, {0.5}), count});
    std::vector<float> frequencies;
    for (std::size_t k = 1; k <= head::cosine_moments; ++k) {
      frequencies.push_back(std::numbers::pi_v<float> * static_cast<float>(k));
    }
    const KerasValue angle = network_.layer(
        "Dense", {{"units", head::cosine_moments}, {"activation", "linear"}, {"use_bias", false}},
        {.inputs = {place}},
        {{"vars/0", Tensor::from<float>({1, head::cosine_moments}, frequencies)}});
    const KerasValue row =
        operation("Multiply", {operation("Cos", {angle})}, {std::numbers::sqrt2});
    cosines_ = operation("Divide", {operation("Multiply", {row, own}), count});
    return *cosines_;
  }

  /// [B, moments, X].
  KerasValue moments(Transform transform) {
    const KerasValue read = transformed(transform);
    if (!head::is_centred(transform)) return mean_over_time(read, true);
    const KerasValue deviation =
        operation("Sqrt", {mean_over_time(operation("Square", {read}), true)});
    const KerasValue coefficients =
        network_.layer("Dot", {{"axes", 1}}, {.inputs = {cosines(), read}, .as_list = true});
    return joined({deviation, coefficients}, 1);
  }

  KerasValue write_moments() {
    const auto means = at("norm/mean").data<float>();
    const float length = head::moment_length(head_->spec);
    std::vector<KerasValue> all;
    std::size_t first = 0;
    for (const Transform transform : head_->spec.transforms) {
      const std::size_t rows = head::moments_of(transform);
      const std::size_t width = head::width_of(transform, head_->spec);
      const auto part = means.subspan(first, rows * width);
      first += part.size();
      const KerasValue flat = flattened(moments(transform));
      const KerasValue centred = network_.layer(
          "BatchNormalization",
          {{"axis", -1}, {"epsilon", 0.0}, {"scale", false}, {"center", false}}, {.inputs = {flat}},
          {{"vars/0", Tensor::from<float>({part.size()}, part)},
           {"vars/1", of_value(part.size(), 1)}});
      const KerasValue in_rows = network_.layer(
          "Reshape", {{"target_shape", Json::array({rows, width})}}, {.inputs = {centred}});
      const KerasValue unit =
          network_.layer("UnitNormalization", {{"axis", -1}}, {.inputs = {in_rows}});
      all.push_back(flattened(
          network_.layer("Rescaling", {{"scale", length}, {"offset", 0.0}}, {.inputs = {unit}})));
    }
    return dense(joined(all, -1), "classifier", "softmax");
  }
  KerasValue flattened(const KerasValue& x) {
    return network_.layer("Flatten", {}, {.inputs = {x}});
  }

  KerasValue write_layers() {
    KerasValue x = parts_.at(0);
    for (const head::Layer& layer : head_->spec.layers) x = write_layer(x, layer);
    return network_.layer("Softmax", {{"axis", -1}}, {.inputs = {x}});
  }

  KerasValue activated(const KerasValue& x, const head::Layer& layer) {
    if (layer.activation == head::Activation::leaky_relu) {
      return network_.layer("LeakyReLU", {{"negative_slope", layer.slope}}, {.inputs = {x}});
    }
    if (layer.activation == head::Activation::hard_sigmoid) {
      // Keras 3 has none with the slope of Keras 2.
      const KerasValue line =
          network_.layer("Rescaling", {{"scale", layer.slope}, {"offset", 0.5}}, {.inputs = {x}});
      return network_.layer("ReLU", {{"max_value", 1.0}}, {.inputs = {line}});
    }
    return network_.layer("Activation", {{"activation", head::to_string(layer.activation)}},
                          {.inputs = {x}});
  }

  KerasValue write_layer(const KerasValue& x, const head::Layer& layer) {
    const auto numbered = [&](const std::vector<const char*>& names) {
      NamedTensors weights;
      for (std::size_t i = 0; i < names.size(); ++i) {
        weights.emplace(format("vars/{}", i), at(layer.name + "/" + names[i]));
      }
      return weights;
    };
    switch (layer.kind) {
      case head::LayerKind::gru:
      case head::LayerKind::lstm:
        return recurrent(x, layer);
      case head::LayerKind::dense:
        if (layer.slope == 0) return dense(x, layer.name, head::to_string(layer.activation));
        return activated(dense(x, layer.name, "linear"), layer);
      case head::LayerKind::activation:
        return activated(x, layer);
      case head::LayerKind::batch_norm:
        return network_.layer("BatchNormalization", {{"axis", -1}, {"epsilon", layer.epsilon}},
                              {.inputs = {x}},
                              numbered({"gamma", "beta", "moving_mean", "moving_variance"}));
      case head::LayerKind::layer_norm:
        return network_.layer("LayerNormalization", {{"axis", -1}, {"epsilon", layer.epsilon}},
                              {.inputs = {x}}, numbered({"gamma", "beta"}));
      case head::LayerKind::mean_over_time:
        return network_.layer(
            "GlobalAveragePooling1D", {},
            {.inputs = {x}, .mask = layer.masked ? mask() : std::vector<KerasValue>{}});
      case head::LayerKind::max_over_time:
        return network_.layer("GlobalMaxPooling1D", {}, {.inputs = {x}});
      case head::LayerKind::flatten:
        return flattened(x);
    }
    throw Error(format("the layer {} is not exported", layer.name));
  }

  KerasNetwork network_;
  KerasValue features_;
  std::optional<KerasValue> mask_;
  std::vector<KerasValue> parts_;                   // x, m, x', m'
  std::map<std::size_t, KerasValue> along_axes_{};  // of those, as head_ reads them
  std::optional<KerasValue> cosines_;
  const head::Head* head_ = nullptr;
};

/// Frames that all heads fill clips up to, 0 for none.
std::size_t filled_up_to(const head::Ensemble& heads) {
  const std::size_t steps = heads.front().spec.steps;
  for (const head::Head& head : heads) {
    if (head.spec.steps == steps) continue;
    throw UsageError("its heads take clips of different lengths: they cannot be one network");
  }
  return steps;
}

bool looks_for_end(const head::Layer& layer) {
  return layer.masked &&
         (layer.kind == head::LayerKind::gru || layer.kind == head::LayerKind::lstm ||
          layer.kind == head::LayerKind::mean_over_time);
}

/// Does a head look for where a clip ends?
bool looks_for_ends(const head::Ensemble& heads) {
  return std::any_of(heads.begin(), heads.end(), [](const head::Head& head) {
    return head.spec.kind != head::HeadKind::layers ||
           std::any_of(head.spec.layers.begin(), head.spec.layers.end(), looks_for_end);
  });
}

std::vector<std::byte> bytes_of(const std::string& text) {
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

}  // namespace

void write_keras(const model::Model& model, const ov::Model* network,
                 const std::filesystem::path& path) {
  const std::size_t steps = filled_up_to(model.heads);
  const head::HeadSpec& spec = model.heads.front().spec;
  HeadWriter writer = network == nullptr
                          ? HeadWriter(spec, steps, looks_for_ends(model.heads))
                          : HeadWriter(spec, static_cast<std::size_t>(model.clip.frames), *network);
  std::vector<KerasValue> probabilities;
  for (const head::Head& head : model.heads) probabilities.push_back(writer.write(head));
  const KerasNetwork::Parts parts = writer.finish(writer.average(probabilities));
  const Json metadata{{"keras_version", "3.0.0"}, {"labels", model.labels}};
  write_file_atomically(path, make_zip({{"config.json", bytes_of(to_strict_text(parts.config))},
                                        {"metadata.json", bytes_of(to_strict_text(metadata))},
                                        {"model.weights.h5", make_hdf5(parts.weights)}}));
}

}  // namespace vidclass::exchange
