#include "exchange/keras_layers.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <span>
#include <string_view>
#include <utility>

#include "core/format.hpp"
#include "vidclass/error.hpp"

namespace vidclass::exchange {
namespace {

// They do something in training alone.
constexpr std::array idle_layers{"Dropout",       "SpatialDropout1D", "GaussianDropout",
                                 "GaussianNoise", "AlphaDropout",     "ActivityRegularization",
                                 "InputLayer",    "Identity"};
// TimeDistributed gives these one frame at a time, which they do anyway.
constexpr std::array frame_layers{
    "Dense",     "Activation", "Dropout", "BatchNormalization", "LayerNormalization", "ReLU",
    "LeakyReLU", "ELU",        "Softmax"};

template <std::size_t N>
bool is_one_of(const std::array<const char*, N>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

Tensor filled(const Shape& shape, float value) {
  Tensor tensor(DType::f32, shape);
  const auto values = tensor.data<float>();
  std::fill(values.begin(), values.end(), value);
  return tensor;
}

class Translation {
public:
  Translation(const KerasLayer& layer, std::vector<Tensor> weights, const std::string& name,
              bool sequence, int keras_version)
      : class_(layer.key.class_name),
        keras_name_(layer.key.name),
        config_(layer.config),
        weights_(std::move(weights)),
        name_(name),
        sequence_(sequence),
        keras_version_(keras_version) {}

  TranslatedLayer run() {
    using Make = void (Translation::*)();
    static const std::map<std::string_view, Make> makers{
        {"Dense", &Translation::dense},
        {"GRU", &Translation::recurrent},
        {"LSTM", &Translation::recurrent},
        {"Bidirectional", &Translation::bidirectional},
        {"TimeDistributed", &Translation::time_distributed},
        {"BatchNormalization", &Translation::batch_norm},
        {"LayerNormalization", &Translation::layer_norm},
        {"Activation", &Translation::activation},
        {"ReLU", &Translation::relu},
        {"LeakyReLU", &Translation::leaky_relu},
        {"ELU", &Translation::elu},
        {"Softmax", &Translation::softmax},
        {"GlobalAveragePooling1D", &Translation::pooling},
        {"GlobalMaxPooling1D", &Translation::pooling},
        {"Flatten", &Translation::flatten},
        {"Masking", &Translation::masking}};
    if (is_one_of(idle_layers, class_)) return std::move(result_);
    const auto maker = makers.find(class_);
    if (maker == makers.end()) {
      throw Error(
          format("the layer {} is of the class {}, which is not read", keras_name_, class_));
    }
    (this->*maker->second)();
    return std::move(result_);
  }

private:
  [[noreturn]] void fail(const std::string& what) const {
    throw Error(format("the layer {} ({}) {}", keras_name_, class_, what));
  }

  head::Layer& start(head::LayerKind kind) {
    return result_.layer.emplace(head::Layer{.kind = kind, .name = name_});
  }

  /// Refuses `key` with another value than `usual`, which also stands for none at all.
  void require(const char* key, const Json& usual) const {
    const auto found = config_.find(key);
    if (found == config_.end() || *found == usual) return;
    fail(format("has {} = {}", key, shortened(*found)));
  }

  [[nodiscard]] head::Activation activation_of(const char* key) const {
    const auto found = config_.find(key);
    if (found == config_.end() || found->is_null()) return head::Activation::linear;
    // A function is described by its name, alone or in an object.
    const Json& value =
        found->is_object() && found->contains("config") ? found->at("config") : *found;
    if (value.is_string()) {
      const auto name = value.get<std::string>();
      if (const auto known = head::activation_from(name == "swish" ? "silu" : name)) return *known;
    }
    fail(format("has the {} {}, which is not known", key, shortened(value)));
  }

  [[nodiscard]] std::size_t units() const {
    const Json& units = config_.at("units");
    constexpr std::size_t most = 1 << 20;
    if (!units.is_number_unsigned() || units == 0 || units > most) {
      fail(format("has {} units", shortened(units)));
    }
    return units.get<std::size_t>();
  }

  Tensor take(std::size_t at) {
    if (at >= weights_.size()) fail(format("has {} weights in the file", weights_.size()));
    return std::move(weights_[at]);
  }
  void require_count(std::size_t count) const {
    if (weights_.size() == count) return;
    fail(format("has {} weights in the file instead of {}", weights_.size(), count));
  }
  void give(const std::string& name, Tensor tensor) {
    result_.parameters.emplace(name_ + "/" + name, std::move(tensor));
  }

  void dense() {
    head::Layer& layer = start(head::LayerKind::dense);
    require("lora_rank", nullptr);
    layer.units = units();
    set_activation(layer);
    const bool use_bias = config_.value("use_bias", true);
    require_count(use_bias ? 2 : 1);
    give("kernel", take(0));
    give("bias", use_bias ? take(1) : filled({layer.units}, 0));
  }

  void set_recurrent(head::Layer& layer) const {
    require("go_backwards", false);
    require("return_state", false);
    require("stateful", false);
    require("time_major", false);
    layer.units = units();
    layer.activation = activation_of("activation");
    layer.recurrent_activation = activation_of("recurrent_activation");
    layer.sequences = config_.value("return_sequences", false);
    layer.reset_after = config_.value("reset_after", true);
  }

  /// The kernels and the bias of one direction, of which the first is `first`.
  void give_cell(const head::Layer& layer, const std::string& prefix, std::size_t first) {
    const bool gru = layer.kind == head::LayerKind::gru;
    const std::size_t gates = (gru ? 3 : 4) * layer.units;
    give(prefix + "kernel", take(first));
    give(prefix + "recurrent_kernel", take(first + 1));
    const Shape shape = gru && layer.reset_after ? Shape{2, gates} : Shape{gates};
    give(prefix + "bias", config_.value("use_bias", true) ? take(first + 2) : filled(shape, 0));
  }
  [[nodiscard]] std::size_t cell_weights() const { return config_.value("use_bias", true) ? 3 : 2; }

  void recurrent() {
    require("zero_output_for_mask", false);
    head::Layer& layer = start(class_ == "GRU" ? head::LayerKind::gru : head::LayerKind::lstm);
    set_recurrent(layer);
    require_count(cell_weights());
    give_cell(layer, "", 0);
    if (!layer.sequences) result_.mask = MaskFlow::ends;
  }

  void bidirectional() {
    const Json outer = std::exchange(config_, Json::object());
    const Json& inner = outer.at("layer");
    const auto inner_class = inner.at("class_name").get<std::string>();
    if (inner_class != "GRU" && inner_class != "LSTM") {
      fail(format("has a layer of the class {} in it, which is not read", inner_class));
    }
    const auto mode = outer.value("merge_mode", Json("concat"));
    const auto merge = mode.is_string() ? head::merge_from(mode.get<std::string>()) : std::nullopt;
    if (!merge) fail(format("has merge_mode = {}", shortened(mode)));
    head::Layer& layer = start(inner_class == "GRU" ? head::LayerKind::gru : head::LayerKind::lstm);
    if (const auto backward = outer.find("backward_layer"); backward != outer.end()) {
      require_alike(inner.at("config"), backward->at("config"));
    }
    config_ = inner.at("config");
    set_recurrent(layer);
    layer.both_directions = *merge;
    require_count(2 * cell_weights());
    give_cell(layer, "forward/", 0);
    give_cell(layer, "backward/", cell_weights());
    if (!layer.sequences) result_.mask = MaskFlow::ends;
  }

  void require_alike(const Json& forward, const Json& backward) const {
    if (!backward.value("go_backwards", false)) fail("goes forward in both directions");
    for (const char* key : {"units", "activation", "recurrent_activation", "use_bias",
                            "reset_after", "return_sequences", "return_state", "stateful"}) {
      if (forward.value(key, Json()) == backward.value(key, Json())) continue;
      fail(format("has another {} in each direction", key));
    }
  }

  void time_distributed() {
    if (!sequence_) fail("is given no frames");
    const Json inner = config_.at("layer");
    const KerasLayer layer{{inner.at("class_name").get<std::string>(), keras_name_, 0},
                           inner.at("config")};
    if (!is_one_of(frame_layers, layer.key.class_name)) {
      fail(format("has a layer of the class {} in it, which is not read", layer.key.class_name));
    }
    result_ = Translation(layer, std::move(weights_), name_, true, keras_version_).run();
  }

  /// Gains and offsets that the layer may do without.
  void give_gamma_and_beta(const char* has_gamma, const char* has_beta, std::size_t more) {
    const bool gamma = config_.value(has_gamma, true);
    const bool beta = config_.value(has_beta, true);
    require_count((gamma ? 1U : 0U) + (beta ? 1U : 0U) + more);
    if (weights_.empty()) fail("has neither a scale nor an offset");
    const Shape shape = weights_.back().shape();
    give("gamma", gamma ? take(0) : filled(shape, 1));
    give("beta", beta ? take(gamma ? 1 : 0) : filled(shape, 0));
  }
  /// Over the last axis, however it is counted.
  void require_last_axis() const {
    const auto found = config_.find("axis");
    if (found == config_.end()) return;
    const Json& axis = found->is_array() && found->size() == 1 ? found->at(0) : *found;
    if (axis == Json(-1) || axis == Json(sequence_ ? 2 : 1)) return;
    fail(format("has axis = {}", shortened(*found)));
  }

  [[nodiscard]] float epsilon() const {
    const double epsilon = number("epsilon", 1e-3);
    if (!(epsilon >= 0 && epsilon < 1)) fail(format("has an epsilon of {}", epsilon));
    return static_cast<float>(epsilon);
  }

  void batch_norm() {
    head::Layer& layer = start(head::LayerKind::batch_norm);
    require_last_axis();
    layer.epsilon = epsilon();
    give_gamma_and_beta("scale", "center", 2);
    for (const float variance : weights_.back().data<float>()) {
      if (!(variance + layer.epsilon > 0)) fail("has a variance that is not above 0");
    }
    give("moving_mean", take(weights_.size() - 2));
    give("moving_variance", take(weights_.size() - 1));
  }

  void layer_norm() {
    head::Layer& layer = start(head::LayerKind::layer_norm);
    require_last_axis();
    require("rms_scaling", false);
    layer.epsilon = epsilon();
    give_gamma_and_beta("scale", "center", 0);
  }

  /// Of a dense layer, or alone.
  void set_activation(head::Layer& layer) const {
    layer.activation = activation_of("activation");
    if (layer.activation == head::Activation::leaky_relu) layer.slope = 0.2F;
    if (layer.activation != head::Activation::hard_sigmoid) return;
    // It changed from 2 to 3.
    if (keras_version_ == 0) fail("has a hard_sigmoid, which is another in each version of Keras");
    layer.slope = keras_version_ < 3 ? 0.2F : 1.0F / 6;
  }
  void activation() { set_activation(start(head::LayerKind::activation)); }

  [[nodiscard]] double number(const char* key, double usual) const {
    const auto value = config_.value(key, Json());
    return value.is_number() ? value.get<double>() : usual;
  }

  void relu() {
    const double most = number("max_value", 0);
    const double slope = number("negative_slope", 0);
    if (number("threshold", 0) != 0 || (most != 0 && (most != 6 || slope != 0))) {
      fail("is not the plain one: its threshold or largest value is another");
    }
    if (slope != 0) return give_slope(slope);
    start(head::LayerKind::activation).activation =
        most == 6 ? head::Activation::relu6 : head::Activation::relu;
  }

  /// Keras 2 calls its slope alpha.
  void leaky_relu() { give_slope(number("negative_slope", number("alpha", 0.3))); }
  void give_slope(double slope) {
    if (!(slope >= 0 && slope <= 1)) fail(format("has a slope of {}", slope));
    head::Layer& layer = start(head::LayerKind::activation);
    layer.activation = head::Activation::leaky_relu;
    layer.slope = static_cast<float>(slope);
  }

  void elu() {
    require("alpha", 1.0);
    start(head::LayerKind::activation).activation = head::Activation::elu;
  }

  void softmax() {
    require_last_axis();
    start(head::LayerKind::activation).activation = head::Activation::softmax;
  }

  void pooling() {
    require("data_format", "channels_last");
    require("keepdims", false);
    start(class_ == "GlobalAveragePooling1D" ? head::LayerKind::mean_over_time
                                             : head::LayerKind::max_over_time);
    result_.mask = MaskFlow::ends;
  }

  void flatten() {
    require("data_format", "channels_last");
    start(head::LayerKind::flatten);
    result_.mask = MaskFlow::ends;
  }

  void masking() { result_.mask = MaskFlow::starts; }

  std::string class_;
  std::string keras_name_;
  Json config_;
  std::vector<Tensor> weights_;
  std::string name_;
  bool sequence_;
  int keras_version_;
  TranslatedLayer result_;
};

}  // namespace

TranslatedLayer translate(const KerasLayer& layer, std::vector<Tensor> weights,
                          const std::string& name, bool sequence, int keras_version) {
  return Translation(layer, std::move(weights), name, sequence, keras_version).run();
}

}  // namespace vidclass::exchange
