#include "exchange/torch_script.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

#include <openvino/core/model.hpp>
#include <openvino/op/ops.hpp>

#include "core/format.hpp"
#include "vidclass/error.hpp"

namespace vidclass::exchange {
namespace {

using Numbers = std::vector<std::int64_t>;

[[noreturn]] void refuse(const ov::Node& node, const std::string& what) {
  throw Error(format("the operation {} ({}) {}, which cannot be written as TorchScript",
                     node.get_type_name(), node.get_friendly_name(), what));
}

template <typename Operation>
const Operation& expect(const ov::Node& node) {
  const auto* operation = dynamic_cast<const Operation*>(&node);
  if (operation == nullptr) refuse(node, "is of another version");
  return *operation;
}

const ov::op::v0::Constant* constant_of(const ov::Output<ov::Node>& value) {
  return dynamic_cast<const ov::op::v0::Constant*>(value.get_node());
}

Numbers numbers(const ov::Node& node, std::size_t input) {
  const auto* constant = constant_of(node.input_value(input));
  if (constant == nullptr) refuse(node, format("computes its input {}", input));
  return constant->cast_vector<std::int64_t>();
}

template <typename Values>
std::string list(const Values& values) {
  std::string text;
  for (const auto value : values) text += format("{}{}", text.empty() ? "" : ", ", value);
  return "[" + text + "]";
}

std::int64_t rank_of(const ov::Output<ov::Node>& value) {
  return value.get_partial_shape().rank().get_length();
}

/// Whole numbers that say where and how much, such as lengths of axes, are numbers and lists of
/// numbers in the script, so that they need no device; all else is tensors.
bool is_number_list(const ov::Output<ov::Node>& value) {
  return value.get_element_type() == ov::element::i64 && rank_of(value) <= 1;
}

class Script {
public:
  explicit Script(const ov::Model& model) {
    std::string arguments = "self";
    for (const auto& parameter : model.get_parameters()) {
      const std::string name = parameter->output(0).get_any_name();
      names_[parameter->output(0)] = name;
      arguments += ", " + name + ": Tensor";
      if (device_of_.empty()) device_of_ = name;
    }
    text_.source = "def forward(" + arguments + ") -> Tensor:\n";
    for (const auto& node : model.get_ordered_ops()) add(*node);
    text_.source += "    return " + names_.at(model.get_results().at(0)->input_value(0)) + "\n";
  }

  [[nodiscard]] ScriptText take() { return std::move(text_); }

private:
  using Write = std::string (Script::*)(const ov::Node& node);

  void add(const ov::Node& node) {
    const std::string_view type = node.get_type_name();
    if (type == "Parameter" || type == "Constant" || type == "Result") return;
    if (type == "VariadicSplit" || type == "Split") {
      split(node);
      return;
    }
    const auto found = table().find(type);
    if (found == table().end()) refuse(node, "is not known");
    name(node, 0, (this->*found->second)(node));
  }

  /// A line that gives the output its value.
  void name(const ov::Node& node, std::size_t output, const std::string& value) {
    const std::string variable = format("v{}", names_.size());
    text_.source += format("    {} = {}\n", variable, value);
    names_[const_cast<ov::Node&>(node).output(output)] = variable;
  }

  std::string parameter(const std::string& kind, const Shape& shape,
                        const std::vector<float>& values) {
    const std::string label = format("{}{}", kind, text_.parameters.size());
    text_.parameters[label] = Tensor::from<float>(shape, values);
    return "self." + label;
  }

  std::string constant(const ov::op::v0::Constant& node) {
    const ov::Shape& shape = node.get_shape();
    if (node.get_element_type().is_integral()) {
      const auto values = node.cast_vector<std::int64_t>();
      if (shape.empty()) return format("{}", values[0]);
      if (shape.size() == 1) return list(values);
      refuse(node, "holds whole numbers in a matrix");
    }
    const auto values = node.cast_vector<float>();
    if (shape.empty()) return format("{:#.9g}", values[0]);
    return parameter("weight", Shape(shape), values);
  }

  std::string input(const ov::Node& node, std::size_t index) {
    const ov::Output<ov::Node> value = node.input_value(index);
    const auto found = names_.find(value);
    if (found != names_.end()) return found->second;
    return names_[value] = constant(*constant_of(value));
  }
  /// Where a scalar would be a number.
  std::string tensor(const ov::Node& node, std::size_t index) {
    const auto* values = constant_of(node.input_value(index));
    if (values == nullptr || !values->get_shape().empty()) return input(node, index);
    return parameter("scalar", {}, values->cast_vector<float>());
  }

  /// PyTorch's number of the type: its names are not known to scripts that C++ compiles.
  static int type_of(const ov::Node& node) {
    switch (node.get_output_element_type(0)) {
      case ov::element::f32:
        return 6;
      case ov::element::i64:
        return 4;
      case ov::element::i32:
        return 3;
      default:
        refuse(node, "gives values of the type " + node.get_output_element_type(0).to_string());
    }
  }

  template <const char* Function>
  std::string call(const ov::Node& node) {
    std::string arguments;
    for (std::size_t i = 0; i < node.get_input_size(); ++i) {
      arguments += (i > 0 ? ", " : "") + input(node, i);
    }
    return format("{}({})", Function, arguments);
  }
  template <const char* Sign>
  std::string between(const ov::Node& node) {
    return format("{} {} {}", input(node, 0), Sign, input(node, 1));
  }

  template <const char* Limit>
  std::string limited(const ov::Node& node) {
    if (rank_of(node.input_value(1)) != 0) {
      return format("torch.{}imum({}, {})", Limit == low ? "max" : "min", input(node, 0),
                    input(node, 1));
    }
    return format("{}.clamp({}={})", input(node, 0), Limit, input(node, 1));
  }

  std::string convert(const ov::Node& node) {
    if (is_number_list(node.input_value(0))) return input(node, 0);
    return format("{}.to(dtype={})", input(node, 0), type_of(node));
  }

  std::string transpose(const ov::Node& node) {
    return format("{}.permute({})", input(node, 0), list(numbers(node, 1)));
  }

  std::string reshape(const ov::Node& node) {
    const bool special = expect<ov::op::v1::Reshape>(node).get_special_zero();
    const std::string x = input(node, 0);
    if (constant_of(node.input_value(1)) == nullptr) {
      return format("{}.reshape({})", x, input(node, 1));
    }
    std::string lengths;
    const Numbers wanted = numbers(node, 1);
    for (std::size_t axis = 0; axis < wanted.size(); ++axis) {
      lengths += axis > 0 ? ", " : "";
      lengths += special && wanted[axis] == 0 ? format("{}.size({})", x, axis)
                                              : format("{}", wanted[axis]);
    }
    return format("{}.reshape([{}])", x, lengths);
  }

  /// The axes of an input, counted from the front, in order.
  static Numbers axes(const ov::Node& node, std::int64_t rank) {
    Numbers all = numbers(node, 1);
    for (std::int64_t& axis : all) axis += axis < 0 ? rank : 0;
    std::sort(all.begin(), all.end());
    return all;
  }
  std::string squeeze(const ov::Node& node) {
    std::string text = input(node, 0);
    const Numbers all = axes(node, rank_of(node.input_value(0)));
    for (auto axis = all.rbegin(); axis != all.rend(); ++axis)
      text += format(".squeeze({})", *axis);
    return text;
  }
  std::string unsqueeze(const ov::Node& node) {
    std::string text = input(node, 0);
    const auto added = static_cast<std::int64_t>(numbers(node, 1).size());
    for (const std::int64_t axis : axes(node, rank_of(node.input_value(0)) + added)) {
      text += format(".unsqueeze({})", axis);
    }
    return text;
  }

  std::string concat(const ov::Node& node) {
    const bool of_numbers = is_number_list(node.input_value(0));
    std::string parts;
    for (std::size_t i = 0; i < node.get_input_size(); ++i) {
      if (i > 0) parts += of_numbers ? " + " : ", ";
      parts += input(node, i);
    }
    if (of_numbers) return parts;
    return format("torch.cat([{}], {})", parts, expect<ov::op::v0::Concat>(node).get_axis());
  }

  void split(const ov::Node& node) {
    const std::string x = input(node, 0);
    const std::int64_t axis = numbers(node, 1).at(0);
    std::int64_t begin = 0;
    for (std::size_t i = 0; i < node.get_output_size(); ++i) {
      const ov::PartialShape& shape = node.get_output_partial_shape(i);
      const ov::Dimension length = shape[axis < 0 ? shape.size() + axis : axis];
      if (length.is_dynamic()) refuse(node, "splits an axis of any length");
      name(node, i, format("{}.narrow({}, {}, {})", x, axis, begin, length.get_length()));
      begin += length.get_length();
    }
  }

  std::string gather(const ov::Node& node) {
    const auto* places = constant_of(node.input_value(1));
    if (!is_number_list(node.input_value(0)) || places == nullptr) refuse(node, "gathers tensors");
    const std::string x = input(node, 0);
    const Numbers at = numbers(node, 1);
    if (places->get_shape().empty()) return format("{}[{}]", x, at[0]);
    std::string parts;
    for (const std::int64_t place : at)
      parts += format("{}{}[{}]", parts.empty() ? "" : ", ", x, place);
    return "[" + parts + "]";
  }

  std::string shape(const ov::Node& node) { return input(node, 0) + ".size()"; }

  std::string range(const ov::Node& node) {
    return format("torch.arange({}, {}, {}, dtype={}, device={}.device)", input(node, 0),
                  input(node, 1), input(node, 2), type_of(node), device_of_);
  }

  std::string broadcast(const ov::Node& node) {
    const auto* value = constant_of(node.input_value(0));
    if (rank_of(node.input_value(0)) == 0) {
      return format("torch.full({}, {}, dtype={}, device={}.device)", input(node, 1),
                    value != nullptr ? constant(*value) : input(node, 0), type_of(node),
                    device_of_);
    }
    return format("{}.expand({})", tensor(node, 0), input(node, 1));
  }

  template <const char* Function>
  std::string reduce(const ov::Node& node) {
    const auto& reduction = expect<ov::op::util::ArithmeticReductionKeepDims>(node);
    return format("{}({}, {}, {})", Function, input(node, 0), list(numbers(node, 1)),
                  reduction.get_keep_dims() ? "True" : "False");
  }

  std::string largest(const ov::Node& node) {
    const auto& reduction = expect<ov::op::v1::ReduceMax>(node);
    return format("torch.amax({}, {}, {})", input(node, 0), list(numbers(node, 1)),
                  reduction.get_keep_dims() ? "True" : "False");
  }

  std::string gelu(const ov::Node& node) {
    if (expect<ov::op::v7::Gelu>(node).get_approximation_mode() !=
        ov::op::GeluApproximationMode::ERF) {
      refuse(node, "is not computed by the error function");
    }
    return format("torch.gelu({})", input(node, 0));
  }
  std::string elu(const ov::Node& node) {
    return format("torch.elu({}, {})", input(node, 0), expect<ov::op::v0::Elu>(node).get_alpha());
  }
  /// Its two numbers are those of the paper everywhere.
  std::string selu(const ov::Node& node) { return format("torch.selu({})", input(node, 0)); }

  /// Over the last axis, with neither scale nor offset, which come after it.
  std::string layer_norm(const ov::Node& node) {
    const auto& norm = expect<ov::op::v6::MVN>(node);
    const std::int64_t last = rank_of(node.input_value(0)) - 1;
    const Numbers axes = numbers(node, 1);
    const ov::Dimension width = node.get_input_partial_shape(0)[last];
    if ((axes != Numbers{-1} && axes != Numbers{last}) || !norm.get_normalize_variance() ||
        norm.get_eps_mode() != ov::op::MVNEpsMode::INSIDE_SQRT || width.is_dynamic()) {
      refuse(node, "is of another kind than a layer normalisation");
    }
    return format("torch.layer_norm({}, [{}], None, None, {:.9g})", input(node, 0),
                  width.get_length(), norm.get_eps());
  }

  std::string matmul(const ov::Node& node) {
    const auto& product = expect<ov::op::v0::MatMul>(node);
    const char* turned = ".transpose(-1, -2)";
    return format("torch.matmul({}{}, {}{})", input(node, 0),
                  product.get_transpose_a() ? turned : "", input(node, 1),
                  product.get_transpose_b() ? turned : "");
  }

  std::string softmax(const ov::Node& node) {
    if (const auto* first = dynamic_cast<const ov::op::v1::Softmax*>(&node)) {
      return format("torch.softmax({}, {})", input(node, 0), first->get_axis());
    }
    return format("torch.softmax({}, {})", input(node, 0),
                  expect<ov::op::v8::Softmax>(node).get_axis());
  }

  std::string clamp(const ov::Node& node) {
    const auto& limits = expect<ov::op::v0::Clamp>(node);
    return format("torch.clamp({}, {:#.9g}, {:#.9g})", input(node, 0), limits.get_min(),
                  limits.get_max());
  }

  /// Pads the last two axes; PyTorch names the last one first.
  static std::string padded(const std::string& x, const Numbers& begin, const Numbers& end,
                            const std::string& value) {
    if (std::all_of(begin.begin(), begin.end(), [](auto pad) { return pad == 0; }) &&
        std::all_of(end.begin(), end.end(), [](auto pad) { return pad == 0; })) {
      return x;
    }
    Numbers pads;
    for (std::size_t axis = begin.size(); axis-- > 0;) {
      pads.push_back(begin[axis]);
      pads.push_back(end[axis]);
    }
    return format("torch.constant_pad_nd({}, {}, {})", x, list(pads), value);
  }

  std::string pad(const ov::Node& node) {
    const auto& padding = expect<ov::op::util::PadBase>(node);
    if (padding.get_pad_mode() != ov::op::PadMode::CONSTANT || node.get_input_size() < 4) {
      refuse(node, "pads with other than a constant");
    }
    return padded(input(node, 0), numbers(node, 1), numbers(node, 2), input(node, 3));
  }

  template <typename Convolution>
  std::string convolved(const ov::Node& node, const Convolution& layer, const std::string& kernel,
                        std::size_t groups) {
    require_known_sides(node);
    const auto& begin = layer.get_pads_begin();
    const auto& end = layer.get_pads_end();
    return format(
        "torch.conv2d({}, {}, None, {}, [0, 0], {}, {})",
        padded(input(node, 0), {begin.begin(), begin.end()}, {end.begin(), end.end()}, "0.0"),
        kernel, list(layer.get_strides()), list(layer.get_dilations()), groups);
  }

  std::string convolution(const ov::Node& node) {
    return convolved(node, expect<ov::op::v1::Convolution>(node), input(node, 1), 1);
  }

  std::string group_convolution(const ov::Node& node) {
    const ov::Shape kernel = node.get_input_shape(1);
    // [groups, out a group, ...] to [out, ...].
    Shape joined{kernel[0] * kernel[1]};
    joined.insert(joined.end(), kernel.begin() + 2, kernel.end());
    const auto* weights = constant_of(node.input_value(1));
    if (weights == nullptr) refuse(node, "computes its weights");
    return convolved(node, expect<ov::op::v1::GroupConvolution>(node),
                     parameter("weight", joined, weights->cast_vector<float>()), kernel[0]);
  }

  std::string max_pool(const ov::Node& node) {
    require_known_sides(node);
    const auto& pool = expect<ov::op::util::MaxPoolBase>(node);
    if (pool.get_rounding_type() != ov::op::RoundingType::FLOOR) refuse(node, "rounds up");
    const auto& begin = pool.get_pads_begin();
    const auto& end = pool.get_pads_end();
    return format("torch.max_pool2d({}, {}, {})",
                  padded(input(node, 0), {begin.begin(), begin.end()}, {end.begin(), end.end()},
                         "-float('inf')"),
                  list(pool.get_kernel()), list(pool.get_strides()));
  }

  std::string adaptive_average(const ov::Node& node) {
    return format("torch.adaptive_avg_pool2d({}, {})", input(node, 0), list(numbers(node, 1)));
  }

  static void require_known_sides(const ov::Node& node) {
    const ov::PartialShape& shape = node.get_input_partial_shape(0);
    if (shape.size() != 4 || shape[2].is_dynamic() || shape[3].is_dynamic()) {
      refuse(node, "reads other than maps of a known size");
    }
  }

  /// PyTorch's gates are reset, update, candidate, OpenVINO's update, reset, candidate.
  static std::vector<float> reset_first(const std::vector<float>& gates) {
    const auto third = static_cast<std::ptrdiff_t>(gates.size() / 3);
    std::vector<float> turned(gates.begin() + third, gates.begin() + 2 * third);
    turned.insert(turned.end(), gates.begin(), gates.begin() + third);
    turned.insert(turned.end(), gates.begin() + 2 * third, gates.end());
    return turned;
  }

  std::string gru(const ov::Node& node) {
    const auto& layer = expect<ov::op::v5::GRUSequence>(node);
    const auto* kernel = constant_of(node.input_value(3));
    const auto* recurrent = constant_of(node.input_value(4));
    const auto* bias = constant_of(node.input_value(5));
    const std::string_view lengths = node.get_input_node_ptr(2)->get_type_name();
    if (layer.get_direction() != ov::op::RecurrentSequenceDirection::FORWARD ||
        !layer.get_linear_before_reset() || layer.get_clip() != 0 || kernel == nullptr ||
        layer.get_activations() != std::vector<std::string>{"sigmoid", "tanh"} ||
        recurrent == nullptr || bias == nullptr || lengths != "Broadcast") {
      refuse(node, "is not Keras's, forward, over all steps");
    }
    const std::size_t units = layer.get_hidden_size();
    const std::size_t width = kernel->get_shape()[2];
    const auto biases = bias->cast_vector<float>();
    const auto third = static_cast<std::ptrdiff_t>(units);
    // OpenVINO adds the biases up that are only ever added.
    const std::vector<float> of_input(biases.begin(), biases.begin() + 3 * third);
    std::vector<float> of_state(2 * units, 0.0F);
    of_state.insert(of_state.end(), biases.begin() + 3 * third, biases.end());
    const std::string weights =
        parameter("kernel", {3 * units, width}, reset_first(kernel->cast_vector<float>())) + ", " +
        parameter("recurrent", {3 * units, units}, reset_first(recurrent->cast_vector<float>())) +
        ", " + parameter("bias", {3 * units}, reset_first(of_input)) + ", " +
        parameter("bias", {3 * units}, reset_first(of_state));
    return format(
        "torch.gru({}, {}.transpose(0, 1).contiguous(), [{}], True, 1, 0.0, False, False, "
        "True)[0].unsqueeze(1)",
        input(node, 0), input(node, 1), weights);
  }

  /// PyTorch's gates are input, forget, candidate, output, of which OpenVINO has the first two the
  /// other way around.
  static std::vector<float> input_first(const std::vector<float>& gates) {
    const auto quarter = static_cast<std::ptrdiff_t>(gates.size() / 4);
    std::vector<float> turned = gates;
    std::rotate(turned.begin(), turned.begin() + quarter, turned.begin() + 2 * quarter);
    return turned;
  }

  std::string lstm(const ov::Node& node) {
    const auto& layer = expect<ov::op::v5::LSTMSequence>(node);
    const auto* kernel = constant_of(node.input_value(4));
    const auto* recurrent = constant_of(node.input_value(5));
    const auto* bias = constant_of(node.input_value(6));
    const std::string_view lengths = node.get_input_node_ptr(3)->get_type_name();
    const std::vector<std::string> usual{"sigmoid", "tanh", "tanh"};
    if (layer.get_direction() != ov::op::RecurrentSequenceDirection::FORWARD ||
        layer.get_activations() != usual || layer.get_clip() != 0 || kernel == nullptr ||
        recurrent == nullptr || bias == nullptr || lengths != "Broadcast") {
      refuse(node, "is not Keras's, forward, over all steps");
    }
    const std::size_t units = layer.get_hidden_size();
    const std::string weights =
        parameter("kernel", {4 * units, kernel->get_shape()[2]},
                  input_first(kernel->cast_vector<float>())) +
        ", " +
        parameter("recurrent", {4 * units, units}, input_first(recurrent->cast_vector<float>())) +
        ", " + parameter("bias", {4 * units}, input_first(bias->cast_vector<float>())) + ", " +
        parameter("bias", {4 * units}, std::vector<float>(4 * units, 0.0F));
    const auto first = [&](std::size_t index) {
      return input(node, index) + ".transpose(0, 1).contiguous()";
    };
    return format(
        "torch.lstm({}, [{}, {}], [{}], True, 1, 0.0, False, False, True)[0].unsqueeze(1)",
        input(node, 0), first(1), first(2), weights);
  }

  /// By gathering: the steps of a clip in reverse order, those beyond its end in place.
  std::string reverse(const ov::Node& node) {
    const auto& reversal = expect<ov::op::v0::ReverseSequence>(node);
    if (reversal.get_batch_axis() != 0 || reversal.get_sequence_axis() != 1 ||
        rank_of(node.input_value(0)) != 3) {
      refuse(node, "turns other than steps of clips around");
    }
    const std::string x = input(node, 0);
    const std::string variable = format("steps{}", names_.size());
    text_.source += format("    ends = {}.to(dtype=4).unsqueeze(1)\n", input(node, 1));
    text_.source += format("    {0} = torch.arange({1}.size(1), device={1}.device).unsqueeze(0)\n",
                           variable, x);
    return format(
        "{0}.gather(1, torch.where({1} < ends, ends - 1 - {1}, {1}.expand({0}.size(0), "
        "{0}.size(1))).unsqueeze(2).expand_as({0}))",
        x, variable);
  }

  static constexpr char relu[] = "torch.relu", sigmoid[] = "torch.sigmoid", tanh[] = "torch.tanh",
                        root[] = "torch.sqrt", cosine[] = "torch.cos", sum[] = "torch.sum",
                        mean[] = "torch.mean", exponential[] = "torch.exp",
                        absolute[] = "torch.abs", silu[] = "torch.silu",
                        softplus[] = "torch.softplus", choose[] = "torch.where";
  static constexpr char low[] = "min", high[] = "max";
  static constexpr char plus[] = "+", minus[] = "-", times[] = "*", over[] = "/", below[] = "<",
                        same[] = "==";

  static const std::map<std::string_view, Write>& table() {
    static const std::map<std::string_view, Write> writers{
        {"Relu", &Script::call<relu>},
        {"Sigmoid", &Script::call<sigmoid>},
        {"Tanh", &Script::call<tanh>},
        {"Sqrt", &Script::call<root>},
        {"Cos", &Script::call<cosine>},
        {"Exp", &Script::call<exponential>},
        {"Abs", &Script::call<absolute>},
        {"Swish", &Script::call<silu>},
        {"Gelu", &Script::gelu},
        {"SoftPlus", &Script::call<softplus>},
        {"Elu", &Script::elu},
        {"Selu", &Script::selu},
        {"Add", &Script::between<plus>},
        {"Subtract", &Script::between<minus>},
        {"Multiply", &Script::between<times>},
        {"Divide", &Script::between<over>},
        {"Less", &Script::between<below>},
        {"Equal", &Script::between<same>},
        {"Select", &Script::call<choose>},
        {"Maximum", &Script::limited<low>},
        {"Minimum", &Script::limited<high>},
        {"MatMul", &Script::matmul},
        {"Softmax", &Script::softmax},
        {"Clamp", &Script::clamp},
        {"Convert", &Script::convert},
        {"Transpose", &Script::transpose},
        {"Reshape", &Script::reshape},
        {"Squeeze", &Script::squeeze},
        {"Unsqueeze", &Script::unsqueeze},
        {"Concat", &Script::concat},
        {"Gather", &Script::gather},
        {"ShapeOf", &Script::shape},
        {"Range", &Script::range},
        {"Broadcast", &Script::broadcast},
        {"Pad", &Script::pad},
        {"ReverseSequence", &Script::reverse},
        {"ReduceSum", &Script::reduce<sum>},
        {"ReduceMean", &Script::reduce<mean>},
        {"ReduceMax", &Script::largest},
        {"Convolution", &Script::convolution},
        {"GroupConvolution", &Script::group_convolution},
        {"MaxPool", &Script::max_pool},
        {"AdaptiveAvgPool", &Script::adaptive_average},
        {"GRUSequence", &Script::gru},
        {"LSTMSequence", &Script::lstm},
        {"MVN", &Script::layer_norm}};
    return writers;
  }

  ScriptText text_;
  std::string device_of_;  // the input whose device new tensors are made on
  std::map<ov::Output<ov::Node>, std::string> names_;
};

}  // namespace

ScriptText torch_script(const ov::Model& model) { return Script(model).take(); }

}  // namespace vidclass::exchange
