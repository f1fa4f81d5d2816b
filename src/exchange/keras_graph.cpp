#include "exchange/keras_graph.hpp"

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <openvino/opsets/opset8.hpp>

#include "backbone/openvino_error.hpp"
#include "core/format.hpp"
#include "exchange/keras_file.hpp"
#include "exchange/keras_layers.hpp"
#include "head/graph_ops.hpp"
#include "head/layer_graph.hpp"
#include "vidclass/error.hpp"

namespace vidclass::exchange {
namespace {

namespace op = ov::opset8;
using GraphValue = ov::Output<ov::Node>;

GraphValue number(double value) { return head::constant({}, {static_cast<float>(value)}); }

/// What a layer or an operation is called with.
struct KerasCall {
  std::vector<GraphValue> inputs;
  std::vector<double> numbers;  // arguments that are no tensors
  GraphValue mask{};            // bool [B, T]; null: none
};

class GraphReader {
public:
  explicit GraphReader(const KerasFile& file) : file_(file) {}

  std::shared_ptr<ov::Model> run() {
    const Json& network = file_.config().at("config");
    for (const Json& entry : network.at("layers")) add(entry);
    const Json& output = network.at("output_layers").at(0);
    GraphValue probabilities = value_at(output.at(0), output.at(2));
    probabilities.set_names({"probabilities"});
    return std::make_shared<ov::Model>(
        ov::ResultVector{std::make_shared<op::Result>(probabilities)}, inputs_, "keras");
  }

private:
  using Make = GraphValue (GraphReader::*)(const Json& config, const KerasCall& call);

  void add(const Json& entry) {
    const auto class_name = entry.at("class_name").get<std::string>();
    const auto name = entry.at("config").at("name").get<std::string>();
    const bool is_layer = entry.at("module") == "keras.layers";
    if (is_layer) {
      key_ = {class_name, name, numbers_[snake_case(class_name)]++};
    }
    if (class_name == "InputLayer") {
      values_[name] = {input(entry.at("config"))};
      return;
    }
    const KerasCall call = call_of(entry.at("inbound_nodes").at(0));
    if (class_name == "Split") {
      values_[name] = split(entry.at("config"), call);
      return;
    }
    static const std::map<std::string_view, Make> makers{
        {"Add", &GraphReader::sum},
        {"Average", &GraphReader::average},
        {"Cast", &GraphReader::cast},
        {"Concatenate", &GraphReader::concatenate},
        {"Conv2D", &GraphReader::convolution},
        {"Cos", &GraphReader::cosine},
        {"Cumsum", &GraphReader::running_sum},
        {"DepthwiseConv2D", &GraphReader::depthwise_convolution},
        {"Divide", &GraphReader::quotient},
        {"Dot", &GraphReader::dot},
        {"ExpandDims", &GraphReader::expand_dims},
        {"Flatten", &GraphReader::flatten},
        {"GlobalAveragePooling1D", &GraphReader::mean_over_time},
        {"GlobalAveragePooling2D", &GraphReader::mean_over_places},
        {"MaxPooling2D", &GraphReader::max_pool},
        {"Multiply", &GraphReader::product},
        {"Permute", &GraphReader::permute},
        {"ReLU", &GraphReader::relu},
        {"Rescaling", &GraphReader::rescale},
        {"Reshape", &GraphReader::reshape},
        {"Sqrt", &GraphReader::root},
        {"Square", &GraphReader::square},
        {"Subtract", &GraphReader::difference},
        {"Sum", &GraphReader::reduce_sum},
        {"UnitNormalization", &GraphReader::unit_length},
        {"ZeroPadding2D", &GraphReader::zero_pad}};
    const auto maker = makers.find(class_name);
    values_[name] = {maker == makers.end() ? head_layer(entry.at("config"), call)
                                           : (this->*maker->second)(entry.at("config"), call)};
  }

  [[nodiscard]] GraphValue value_at(const Json& name, const Json& index) const {
    const auto found = values_.find(name.get<std::string>());
    if (found == values_.end()) {
      throw Error(format("a layer reads {}, which does not come before it", to_text(name)));
    }
    return found->second.at(index.get<std::size_t>());
  }
  [[nodiscard]] GraphValue tensor(const Json& reference) const {
    const Json& history = reference.at("config").at("keras_history");
    return value_at(history.at(0), history.at(2));
  }

  [[nodiscard]] KerasCall call_of(const Json& node) const {
    KerasCall call;
    for (const Json& argument : node.at("args")) {
      if (argument.is_number()) {
        call.numbers.push_back(argument.get<double>());
      } else if (argument.is_array()) {
        for (const Json& each : argument) call.inputs.push_back(tensor(each));
      } else {
        call.inputs.push_back(tensor(argument));
      }
    }
    const Json& named = node.at("kwargs");
    if (const auto mask = named.find("mask"); mask != named.end()) call.mask = tensor(*mask);
    return call;
  }

  static ov::element::Type type_of(const Json& dtype) {
    if (dtype == "float32") return ov::element::f32;
    if (dtype == "uint8") return ov::element::u8;
    if (dtype == "bool") return ov::element::boolean;
    throw Error(format("the type {} is not known", to_text(dtype)));
  }

  GraphValue input(const Json& config) {
    ov::PartialShape shape;
    for (const Json& axis : config.at("batch_shape")) {
      shape.push_back(axis.is_null() ? ov::Dimension::dynamic()
                                     : ov::Dimension(axis.get<std::int64_t>()));
    }
    auto parameter = std::make_shared<op::Parameter>(type_of(config.at("dtype")), shape);
    parameter->output(0).set_names({config.at("name").get<std::string>()});
    inputs_.push_back(parameter);
    return parameter;
  }

  /// A layer that heads have as well.
  GraphValue head_layer(const Json& config, const KerasCall& call) {
    constexpr int keras_3 = 3;
    TranslatedLayer layer =
        translate({key_, config}, file_.weights(key_), key_.name, /*sequence=*/true, keras_3);
    if (!layer.layer) return call.inputs.at(0);
    return applied(*layer.layer, layer.parameters, call);
  }
  static GraphValue applied(head::Layer layer, const NamedTensors& parameters,
                            const KerasCall& call) {
    layer.masked = call.mask.get_node() != nullptr;
    GraphValue lengths;
    if (layer.masked) {
      lengths = std::make_shared<op::ReduceSum>(
          std::make_shared<op::Convert>(call.mask, ov::element::i32), head::integers({1}));
    }
    return head::apply(layer, parameters, call.inputs.at(0), lengths);
  }
  GraphValue mean_over_time(const Json& config, const KerasCall& call) {
    const GraphValue mean = applied({.kind = head::LayerKind::mean_over_time}, {}, call);
    return config.value("keepdims", false) ? head::unsqueeze(mean, {1}) : mean;
  }

  // Of one or two values, the second of which may be a number.

  template <typename Operation>
  static GraphValue joined(const KerasCall& call) {
    GraphValue result = call.inputs.at(0);
    for (std::size_t i = 1; i < call.inputs.size(); ++i) {
      result = std::make_shared<Operation>(result, call.inputs[i]);
    }
    for (const double each : call.numbers) {
      result = std::make_shared<Operation>(result, number(each));
    }
    return result;
  }
  GraphValue sum(const Json&, const KerasCall& call) { return joined<op::Add>(call); }
  GraphValue difference(const Json&, const KerasCall& call) { return joined<op::Subtract>(call); }
  GraphValue product(const Json&, const KerasCall& call) { return joined<op::Multiply>(call); }
  GraphValue quotient(const Json&, const KerasCall& call) { return joined<op::Divide>(call); }
  GraphValue average(const Json&, const KerasCall& call) {
    return head::divide(joined<op::Add>(call), number(static_cast<double>(call.inputs.size())));
  }
  GraphValue square(const Json&, const KerasCall& call) {
    return head::multiply(call.inputs.at(0), call.inputs.at(0));
  }
  GraphValue root(const Json&, const KerasCall& call) {
    return std::make_shared<op::Sqrt>(call.inputs.at(0));
  }
  GraphValue cosine(const Json&, const KerasCall& call) {
    return std::make_shared<op::Cos>(call.inputs.at(0));
  }
  GraphValue cast(const Json& config, const KerasCall& call) {
    return std::make_shared<op::Convert>(call.inputs.at(0), type_of(config.at("dtype")));
  }
  GraphValue relu(const Json& config, const KerasCall& call) {
    const auto most = config.find("max_value");
    if (most == config.end() || most->is_null()) return head::relu(call.inputs.at(0));
    return std::make_shared<op::Clamp>(call.inputs.at(0), 0.0, most->get<double>());
  }
  GraphValue rescale(const Json& config, const KerasCall& call) {
    return head::add(head::multiply(call.inputs.at(0), number(config.at("scale").get<double>())),
                     number(config.at("offset").get<double>()));
  }

  // Over axes.

  GraphValue reduce_sum(const Json& config, const KerasCall& call) {
    return std::make_shared<op::ReduceSum>(call.inputs.at(0),
                                           head::integers({config.at("axis").get<std::int64_t>()}),
                                           config.at("keepdims").get<bool>());
  }
  GraphValue running_sum(const Json& config, const KerasCall& call) {
    return std::make_shared<op::CumSum>(call.inputs.at(0),
                                        head::integer(config.at("axis").get<std::int64_t>()));
  }
  GraphValue unit_length(const Json& config, const KerasCall& call) {
    constexpr double smallest = 1e-12;  // of keras.ops.normalize()
    const GraphValue squares = std::make_shared<op::ReduceSum>(
        square(config, call), head::integers({config.at("axis").get<std::int64_t>()}),
        /*keep_dims=*/true);
    const GraphValue length =
        std::make_shared<op::Sqrt>(std::make_shared<op::Maximum>(squares, number(smallest)));
    return head::divide(call.inputs.at(0), length);
  }
  GraphValue dot(const Json& config, const KerasCall& call) {
    if (config.at("axes") != 1) throw Error("Dot is known over the first axis alone");
    return std::make_shared<op::MatMul>(call.inputs.at(0), call.inputs.at(1), true, false);
  }

  // Of shapes.

  GraphValue concatenate(const Json& config, const KerasCall& call) {
    return std::make_shared<op::Concat>(ov::OutputVector(call.inputs.begin(), call.inputs.end()),
                                        config.at("axis").get<std::int64_t>());
  }
  std::vector<GraphValue> split(const Json& config, const KerasCall& call) {
    std::vector<std::int64_t> sizes;
    std::int64_t begin = 0;
    for (const Json& end : config.at("indices_or_sections")) {
      sizes.push_back(end.get<std::int64_t>() - begin);
      begin = end.get<std::int64_t>();
    }
    sizes.push_back(-1);  // what is left
    const auto parts = std::make_shared<op::VariadicSplit>(
        call.inputs.at(0), head::integer(config.at("axis").get<std::int64_t>()),
        head::integers(sizes));
    const auto outputs = parts->outputs();
    return {outputs.begin(), outputs.end()};
  }
  GraphValue expand_dims(const Json& config, const KerasCall& call) {
    return head::unsqueeze(call.inputs.at(0), {config.at("axis").get<std::int64_t>()});
  }
  GraphValue flatten(const Json&, const KerasCall& call) {
    return std::make_shared<op::Reshape>(call.inputs.at(0), head::integers({0, -1}), true);
  }
  /// The layer keeps the first axis, the operation does not.
  GraphValue reshape(const Json& config, const KerasCall& call) {
    const auto whole = config.find("newshape");
    std::vector<std::int64_t> shape;
    if (whole == config.end()) shape.push_back(0);
    for (const Json& axis : whole == config.end() ? config.at("target_shape") : *whole) {
      shape.push_back(axis.get<std::int64_t>());
    }
    return std::make_shared<op::Reshape>(call.inputs.at(0), head::integers(shape), true);
  }
  GraphValue permute(const Json& config, const KerasCall& call) {
    std::vector<std::int64_t> order{0};
    for (const Json& axis : config.at("dims")) order.push_back(axis.get<std::int64_t>());
    return std::make_shared<op::Transpose>(call.inputs.at(0), head::integers(order));
  }

  // Of maps, [N, h, w, C].

  static GraphValue channels_first(const GraphValue& map) {
    return std::make_shared<op::Transpose>(map, head::integers({0, 3, 1, 2}));
  }
  static GraphValue channels_last(const GraphValue& map) {
    return std::make_shared<op::Transpose>(map, head::integers({0, 2, 3, 1}));
  }
  static ov::op::PadType padding(const Json& config) {
    return config.at("padding") == "same" ? ov::op::PadType::SAME_UPPER : ov::op::PadType::VALID;
  }
  static std::vector<std::size_t> pair(const Json& config, const char* key) {
    return config.at(key).get<std::vector<std::size_t>>();
  }
  GraphValue with_bias(const GraphValue& map, const std::vector<Tensor>& weights) const {
    const GraphValue last = channels_last(map);
    return weights.size() > 1 ? head::add(last, head::constant(weights[1])) : last;
  }

  GraphValue convolution(const Json& config, const KerasCall& call) {
    const std::vector<Tensor> weights = file_.weights(key_);
    // [height, width, in, out] to [out, in, height, width].
    const auto kernel = std::make_shared<op::Transpose>(head::constant(weights.at(0)),
                                                        head::integers({3, 2, 0, 1}));
    const auto map = std::make_shared<op::Convolution>(
        channels_first(call.inputs.at(0)), kernel, ov::Strides(pair(config, "strides")),
        ov::CoordinateDiff{0, 0}, ov::CoordinateDiff{0, 0}, ov::Strides{1, 1}, padding(config));
    return with_bias(map, weights);
  }
  GraphValue depthwise_convolution(const Json& config, const KerasCall& call) {
    const std::vector<Tensor> weights = file_.weights(key_);
    // [height, width, channels, 1] to [channels, 1, 1, height, width].
    const auto kernel =
        head::unsqueeze(std::make_shared<op::Transpose>(head::constant(weights.at(0)),
                                                        head::integers({2, 3, 0, 1})),
                        {1});
    const auto map = std::make_shared<op::GroupConvolution>(
        channels_first(call.inputs.at(0)), kernel, ov::Strides(pair(config, "strides")),
        ov::CoordinateDiff{0, 0}, ov::CoordinateDiff{0, 0}, ov::Strides{1, 1}, padding(config));
    return with_bias(map, weights);
  }
  GraphValue max_pool(const Json& config, const KerasCall& call) {
    return channels_last(std::make_shared<ov::op::v1::MaxPool>(
        channels_first(call.inputs.at(0)), ov::Strides(pair(config, "strides")), ov::Shape{0, 0},
        ov::Shape{0, 0}, ov::Shape(pair(config, "pool_size")), ov::op::RoundingType::FLOOR,
        padding(config)));
  }
  GraphValue zero_pad(const Json& config, const KerasCall& call) {
    const Json& sides = config.at("padding");
    const auto ends = [&](std::size_t end) {
      return head::integers(
          {0, sides.at(0).at(end).get<std::int64_t>(), sides.at(1).at(end).get<std::int64_t>(), 0});
    };
    return std::make_shared<op::Pad>(call.inputs.at(0), ends(0), ends(1), number(0),
                                     ov::op::PadMode::CONSTANT);
  }
  GraphValue mean_over_places(const Json&, const KerasCall& call) {
    return std::make_shared<op::ReduceMean>(call.inputs.at(0), head::integers({1, 2}));
  }

  const KerasFile& file_;
  KerasLayerKey key_;  // of the layer that is read
  std::map<std::string, std::size_t> numbers_;
  std::map<std::string, std::vector<GraphValue>> values_;
  ov::ParameterVector inputs_;
};

}  // namespace

std::shared_ptr<ov::Model> keras_graph(const std::filesystem::path& path) {
  const KerasFile file(path);
  try {
    return GraphReader(file).run();
  } catch (const JsonException& error) {
    throw Error(format("{} is not described as Keras does it ({})", file.name(), error.what()));
  } catch (const ov::Exception& error) {
    throw Error(format("{} cannot be run: {}", file.name(), backbone::reason(error)));
  } catch (const Error& error) {
    throw Error(format("{} cannot be run: {}", file.name(), error.what()));
  }
}

}  // namespace vidclass::exchange
