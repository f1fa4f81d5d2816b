#include "head/layer_graph.hpp"

#include <cmath>
#include <string>

#include "vidclass/error.hpp"

namespace vidclass::head {
namespace {

Value activated(const Value& x, const Layer& layer) {
  switch (layer.activation) {
    case Activation::linear:
      return x;
    case Activation::relu:
      return relu(x);
    case Activation::relu6:
      return std::make_shared<op::Clamp>(x, 0.0, 6.0);
    case Activation::sigmoid:
      return std::make_shared<op::Sigmoid>(x);
    case Activation::tanh:
      return std::make_shared<op::Tanh>(x);
    case Activation::softmax:
      return std::make_shared<op::Softmax>(x, -1);
    case Activation::elu:
      return std::make_shared<op::Elu>(x, 1.0);
    case Activation::selu:
      // Klambauer et al., "Self-Normalizing Neural Networks", as Keras rounds them.
      return std::make_shared<op::Selu>(x, constant({1}, {1.67326324F}),
                                        constant({1}, {1.05070098F}));
    case Activation::gelu:
      return std::make_shared<op::Gelu>(x, ov::op::GeluApproximationMode::ERF);
    case Activation::softplus:
      return std::make_shared<op::SoftPlus>(x);
    case Activation::softsign:
      return divide(x, add(constant({}, {1.0F}), std::make_shared<op::Abs>(x)));
    case Activation::silu:
      return std::make_shared<op::Swish>(x);
    case Activation::exponential:
      return std::make_shared<op::Exp>(x);
    case Activation::leaky_relu:
      return std::make_shared<op::Maximum>(x, multiply(x, constant({}, {layer.slope})));
    case Activation::hard_sigmoid:
      return std::make_shared<op::Clamp>(
          add(multiply(x, constant({}, {layer.slope})), constant({}, {0.5F})), 0.0, 1.0);
  }
  throw Error("an activation of a layer is not known");
}

Value merged(const Value& forward, const Value& backward, Merge merge) {
  switch (merge) {
    case Merge::concat:
      return std::make_shared<op::Concat>(ov::OutputVector{forward, backward}, -1);
    case Merge::sum:
      return add(forward, backward);
    case Merge::average:
      return multiply(add(forward, backward), constant({}, {0.5F}));
    case Merge::multiply:
      return multiply(forward, backward);
  }
  throw Error("how a layer joins both directions is not known");
}

/// [N] as a constant [1, N].
Value as_row(const Tensor& values) {
  const auto all = values.data<float>();
  return constant({1, all.size()}, {all.begin(), all.end()});
}

/// Keras's gates of an LSTM (input, forget, cell, output) in OpenVINO's order (forget, input, cell,
/// output). The last axis is [4 units].
Tensor in_openvinos_order(const Tensor& weights, std::size_t units) {
  Tensor result(DType::f32, weights.shape());
  const auto from = weights.data<float>();
  const auto to = result.data<float>();
  for (std::size_t i = 0; i < from.size(); ++i) {
    const std::size_t gate = i / units % 4;
    to[gate == 0 ? i + units : gate == 1 ? i - units : i] = from[i];
  }
  return result;
}

/// The layers over clips that all have T frames, of which the first `lengths` are their own.
class Chain {
public:
  /// `fill`: to how many frames clips are filled up with zeros; 0: to none.
  Chain(const NamedTensors& parameters, std::size_t fill, const Value& features,
        const Value& lengths)
      : parameters_(parameters), own_(lengths), x_(features) {
    if (fill > 0) fill_up(fill);
    const auto shape = std::make_shared<op::ShapeOf>(x_, ov::element::i64);
    batch_ = std::make_shared<op::Gather>(shape, integers({0}), integer(0));
    steps_ = std::make_shared<op::Gather>(shape, integer(1), integer(0));
    all_ = std::make_shared<op::Broadcast>(std::make_shared<op::Convert>(steps_, ov::element::i32),
                                           batch_);
  }

  void add_layer(const Layer& layer) {
    switch (layer.kind) {
      case LayerKind::gru:
      case LayerKind::lstm:
        x_ = recurrent(layer);
        return;
      case LayerKind::dense:
        x_ = activated(add(std::make_shared<op::MatMul>(x_, constant(at(layer.name + "/kernel"))),
                           constant(at(layer.name + "/bias"))),
                       layer);
        return;
      case LayerKind::activation:
        x_ = activated(x_, layer);
        return;
      case LayerKind::batch_norm:
        x_ = batch_norm(layer);
        return;
      case LayerKind::layer_norm: {
        const Value normal = std::make_shared<op::MVN>(x_, integers({-1}), true, layer.epsilon,
                                                       ov::op::MVNEpsMode::INSIDE_SQRT);
        x_ = add(multiply(normal, constant(at(layer.name + "/gamma"))),
                 constant(at(layer.name + "/beta")));
        return;
      }
      case LayerKind::mean_over_time: {
        const Value ends = layer.masked ? own_ : all_;
        const Value count = unsqueeze(std::make_shared<op::Convert>(ends, ov::element::f32), {1});
        x_ = divide(sum_where(std::make_shared<op::Less>(range(), unsqueeze(ends, {1}))), count);
        return;
      }
      case LayerKind::max_over_time:
        x_ = std::make_shared<op::ReduceMax>(x_, integers({1}));
        return;
      case LayerKind::flatten:
        x_ = std::make_shared<op::Reshape>(x_, integers({0, -1}), /*special_zero=*/true);
        return;
    }
  }

  [[nodiscard]] const Value& result() const noexcept { return x_; }

private:
  const Tensor& at(const std::string& name) const { return parameters_.at(name); }

  /// Zeros where a clip has no frames, for as many frames as all clips are to have.
  void fill_up(std::size_t steps) {
    const auto shape = std::make_shared<op::ShapeOf>(x_, ov::element::i64);
    steps_ = std::make_shared<op::Gather>(shape, integer(1), integer(0));
    x_ = where(std::make_shared<op::Less>(range(), unsqueeze(own_, {1})));
    const auto missing =
        subtract(integers({static_cast<std::int64_t>(steps)}), unsqueeze(steps_, {0}));
    const auto after =
        std::make_shared<op::Concat>(ov::OutputVector{integers({0}), missing, integers({0})}, 0);
    x_ = std::make_shared<op::Pad>(x_, integers({0, 0, 0}), after, constant({}, {0.0F}),
                                   ov::op::PadMode::CONSTANT);
  }

  /// int32 [1, T], 0 to T - 1.
  [[nodiscard]] Value range() const {
    return unsqueeze(std::make_shared<op::Range>(integer(0), steps_, integer(1), ov::element::i32),
                     {0});
  }
  /// x where `mask`, bool [B, T], says so, else 0.
  [[nodiscard]] Value where(const Value& mask) const {
    return std::make_shared<op::Select>(unsqueeze(mask, {2}), x_, constant({}, {0.0F}));
  }
  [[nodiscard]] Value sum_where(const Value& mask) const {
    return std::make_shared<op::ReduceSum>(where(mask), integers({1}));
  }

  Value batch_norm(const Layer& layer) const {
    const auto gamma = at(layer.name + "/gamma").data<float>();
    const auto beta = at(layer.name + "/beta").data<float>();
    const auto mean = at(layer.name + "/moving_mean").data<float>();
    const auto variance = at(layer.name + "/moving_variance").data<float>();
    std::vector<float> scale;
    std::vector<float> shift;
    for (std::size_t i = 0; i < gamma.size(); ++i) {
      scale.push_back(gamma[i] / std::sqrt(variance[i] + layer.epsilon));
      shift.push_back(beta[i] - mean[i] * scale[i]);
    }
    return add(multiply(x_, constant({scale.size()}, scale)), constant({shift.size()}, shift));
  }

  Value recurrent(const Layer& layer) {
    const Value ends = layer.masked ? own_ : all_;
    const auto turned = [&](const Value& y) -> Value {
      return std::make_shared<op::ReverseSequence>(y, ends, /*batch_axis=*/0, /*seq_axis=*/1);
    };
    // Of a direction's states, in its own order, all or the one at the clip's end.
    const auto one_direction = [&](const Value& x, const std::string& name, bool backward) {
      const Value states = sequence(backward ? turned(x) : x, layer, name);
      if (layer.sequences) return backward ? turned(states) : states;
      const auto one = std::make_shared<op::Constant>(ov::element::i32, ov::Shape{}, 1);
      const Value last = std::make_shared<op::Equal>(range(), unsqueeze(subtract(ends, one), {1}));
      const Value at_last =
          std::make_shared<op::Select>(unsqueeze(last, {2}), states, constant({}, {0.0F}));
      return Value(std::make_shared<op::ReduceSum>(at_last, integers({1})));
    };
    if (!layer.both_directions) return one_direction(x_, layer.name, false);
    return merged(one_direction(x_, layer.name + "/forward", false),
                  one_direction(x_, layer.name + "/backward", true), *layer.both_directions);
  }

  /// Every state over all T steps: [B, T, units]. OpenVINO's CPU kernels ignore lengths that are
  /// not constant; what comes after a clip's end is masked by whoever reads it.
  Value sequence(const Value& x, const Layer& layer, const std::string& name) const {
    const std::size_t units = layer.units;
    const auto state_shape = std::make_shared<op::Concat>(
        ov::OutputVector{batch_, integers({1, static_cast<std::int64_t>(units)})}, 0);
    const Value zeros = std::make_shared<op::Broadcast>(constant({}, {0.0F}), state_shape);
    const Tensor& bias = at(name + "/bias");
    const std::string gate(to_string(layer.recurrent_activation));
    const std::string inner(to_string(layer.activation));
    constexpr auto forward = ov::op::RecurrentSequenceDirection::FORWARD;
    std::shared_ptr<ov::Node> node;
    if (layer.kind == LayerKind::gru) {
      const Value biases = layer.reset_after ? joined_gru_bias(bias) : as_row(bias);
      node = std::make_shared<op::GRUSequence>(
          x, zeros, all_, transposed(at(name + "/kernel")),
          transposed(at(name + "/recurrent_kernel")), biases, units, forward,
          std::vector<std::string>{gate, inner}, std::vector<float>{}, std::vector<float>{},
          /*clip=*/0.0F, layer.reset_after);
    } else {
      const auto ordered = [&](const char* part) {
        return in_openvinos_order(at(name + part), units);
      };
      node = std::make_shared<op::LSTMSequence>(
          x, zeros, zeros, all_, transposed(ordered("/kernel")),
          transposed(ordered("/recurrent_kernel")), as_row(ordered("/bias")),
          static_cast<std::int64_t>(units), forward, std::vector<float>{}, std::vector<float>{},
          std::vector<std::string>{gate, inner, inner});
    }
    // [B, 1, T, units] to [B, T, units].
    return std::make_shared<op::Squeeze>(node->output(0), integers({1}));
  }

  const NamedTensors& parameters_;
  Value own_;    // int32 [B], the clips' lengths
  Value all_;    // int32 [B], T for every clip
  Value batch_;  // int64 [1]
  Value steps_;  // int64, T
  Value x_;
};

}  // namespace

Value layer_logits(const Head& head, const Value& features, const Value& lengths) {
  Chain chain(head.parameters, head.spec.steps, features, lengths);
  for (const Layer& layer : head.spec.layers) chain.add_layer(layer);
  return chain.result();
}

Value apply(const Layer& layer, const NamedTensors& parameters, const Value& x,
            const Value& lengths) {
  Chain chain(parameters, 0, x, lengths);
  chain.add_layer(layer);
  return chain.result();
}

}  // namespace vidclass::head
