#include "head/head_graph.hpp"

#include <cstdint>
#include <numbers>
#include <string>
#include <vector>

#include "head/graph_ops.hpp"
#include "head/layer_graph.hpp"

namespace vidclass::head {
namespace {

/// The clips and what follows from their lengths.
struct Clips {
  Value features;  // [B, T, D], the plain average of the last map
  Value motion;    // [B, T, D], the average weighted by motion; null without
  // [B, T, M], the same of the map in the middle; null without.
  Value middle;
  Value middle_motion;
  Value lengths;  // int32 [B]
  Value count;    // float32 [B, 1, 1], the lengths
  Value mask;     // float32 [B, T, 1], 1 up to the length, else 0
  Value last;     // float32 [B, T, 1], 1 at a clip's last frame, else 0
  Value steps;    // int32 [B], T for every clip
};

/// `input` [B, T, P (D + M)].
Clips describe(const Value& input, const Value& lengths, const HeadSpec& spec) {
  const bool weighted = spec.poolings > 1;
  std::vector<std::int64_t> widths;
  for (const std::size_t width : {spec.features, spec.middle}) {
    if (width > 0) widths.insert(widths.end(), spec.poolings, static_cast<std::int64_t>(width));
  }
  const auto parts = std::make_shared<op::VariadicSplit>(input, integer(2), integers(widths));
  const Value features = parts->output(0);
  const Value motion = weighted ? parts->output(1) : Value();
  const Value middle = spec.middle > 0 ? parts->output(spec.poolings) : Value();
  const Value middle_motion =
      spec.middle > 0 && weighted ? parts->output(spec.poolings + 1) : Value();
  const auto shape = std::make_shared<op::ShapeOf>(features, ov::element::i64);
  const auto steps = std::make_shared<op::Gather>(shape, integer(1), integer(0));
  const auto range =
      unsqueeze(std::make_shared<op::Range>(integer(0), steps, integer(1), ov::element::i32), {0});
  const auto ends = unsqueeze(lengths, {1});
  const auto one = std::make_shared<op::Constant>(ov::element::i32, ov::Shape{}, 1);
  const auto below = std::make_shared<op::Less>(range, ends);
  const auto at_last = std::make_shared<op::Equal>(range, subtract(ends, one));
  const auto all_steps = std::make_shared<op::Broadcast>(
      std::make_shared<op::Convert>(steps, ov::element::i32),
      std::make_shared<op::Gather>(shape, integers({0}), integer(0)));
  return {.features = features,
          .motion = motion,
          .middle = middle,
          .middle_motion = middle_motion,
          .lengths = lengths,
          .count = unsqueeze(std::make_shared<op::Convert>(lengths, ov::element::f32), {1, 2}),
          .mask = unsqueeze(std::make_shared<op::Convert>(below, ov::element::f32), {2}),
          .last = unsqueeze(std::make_shared<op::Convert>(at_last, ov::element::f32), {2}),
          .steps = all_steps};
}

/// Mean over a clip's own frames: [B, T, X] to [B, 1, X].
Value mean_over_time(const Value& x, const Clips& clips) {
  const auto sum = std::make_shared<op::ReduceSum>(multiply(x, clips.mask), integers({1}),
                                                   /*keep_dims=*/true);
  return divide(sum, clips.count);
}

/// [B, 1, X] to [B, X].
Value drop_time(const Value& x) { return std::make_shared<op::Squeeze>(x, integers({1})); }

/// The parameters of one head, as graph constants.
class Layers {
public:
  explicit Layers(const NamedTensors& parameters) : parameters_(parameters) {}

  Value norm(const Value& x) const {
    return multiply(subtract(x, constant(at("norm/mean"))), constant(at("norm/scale")));
  }

  /// x [..., in] times kernel [in, out] plus bias.
  Value dense(const Value& x, const std::string& name) const {
    return add(std::make_shared<op::MatMul>(x, constant(at(name + "/kernel"))),
               constant(at(name + "/bias")));
  }

  /// Keras's GRU (reset_after) over [B, T, in], every state: [B, T, units]. What it
  /// gives beyond a clip's end is meaningless. OpenVINO's CPU kernel ignores
  /// sequence_lengths that are not constant, so all clips run for T steps here,
  /// and callers mask.
  Value gru(const Value& x, const Clips& clips, const std::string& name) const {
    const std::size_t units = at(name + "/recurrent_kernel").dim(0);
    const GruWeights weights = gru_weights(name);
    const auto shape = std::make_shared<op::ShapeOf>(x, ov::element::i64);
    const auto state_shape = std::make_shared<op::Concat>(
        ov::OutputVector{std::make_shared<op::Gather>(shape, integers({0}), integer(0)),
                         integers({1, static_cast<std::int64_t>(units)})},
        0);
    const auto initial_state = std::make_shared<op::Broadcast>(constant({}, {0.0F}), state_shape);
    const auto gru = std::make_shared<op::GRUSequence>(
        x, initial_state, clips.steps, weights.input, weights.recurrent, weights.bias, units,
        ov::op::RecurrentSequenceDirection::FORWARD, std::vector<std::string>{"sigmoid", "tanh"},
        std::vector<float>{}, std::vector<float>{}, /*clip=*/0.0F, /*linear_before_reset=*/true);
    // [B, 1, T, units] to [B, T, units].
    return std::make_shared<op::Squeeze>(gru->output(0), integers({1}));
  }

  /// The same from each clip's last frame to its first; states stay with their frames.
  Value gru_backward(const Value& x, const Clips& clips, const std::string& name) const {
    const auto reverse = [&](const Value& y) -> Value {
      return std::make_shared<op::ReverseSequence>(y, clips.lengths, /*batch_axis=*/0,
                                                   /*seq_axis=*/1);
    };
    return reverse(gru(reverse(x), clips, name));
  }

private:
  struct GruWeights {
    Value input;      // [1, 3 units, in]
    Value recurrent;  // [1, 3 units, units]
    Value bias;       // [1, 4 units]
  };

  const Tensor& at(const std::string& name) const { return parameters_.at(name); }

  /// Keras and OpenVINO order the gates alike (update, reset, candidate), but
  /// OpenVINO transposes the kernels.
  GruWeights gru_weights(const std::string& name) const {
    return {transposed(at(name + "/kernel")), transposed(at(name + "/recurrent_kernel")),
            joined_gru_bias(at(name + "/bias"))};
  }

  const NamedTensors& parameters_;
};

/// What a head reads of the clips: their features, or these along its axes.
Clips read_by(const Head& head, Clips clips) {
  const auto along = [&](Value& features, const char* name) {
    if (features.get_node() == nullptr) return;
    features = std::make_shared<op::MatMul>(features, constant(head.parameters.at(name)));
  };
  if (head.spec.axes > 0) {
    along(clips.features, "axes/last");
    along(clips.motion, "axes/last");
  }
  if (head.spec.middle_axes > 0) {
    along(clips.middle, "axes/middle");
    along(clips.middle_motion, "axes/middle");
  }
  return clips;
}

/// [B, T, D or M].
Value transformed(Transform transform, const Clips& clips) {
  const Value& plain = needs_middle(transform) ? clips.middle : clips.features;
  const Value& motion = needs_middle(transform) ? clips.middle_motion : clips.motion;
  if (transform == Transform::contrast || transform == Transform::middle_contrast)
    return subtract(motion, plain);
  const Value& read = needs_motion(transform) ? motion : plain;
  return is_centred(transform) ? subtract(read, mean_over_time(read, clips)) : read;
}

/// The rows of the cosine transform over each clip's own frames, [B, T, cosine_moments].
Value cosines(const Clips& clips) {
  const auto steps = std::make_shared<op::Gather>(
      std::make_shared<op::ShapeOf>(clips.mask, ov::element::i64), integer(1), integer(0));
  const auto range = std::make_shared<op::Range>(integer(0), steps, integer(1), ov::element::f32);
  const Value middle = unsqueeze(add(range, constant({}, {0.5F})), {0, 2});
  const Value place = divide(middle, clips.count);  // [B, T, 1], 0 to 1
  std::vector<float> frequencies;
  for (std::size_t k = 1; k <= cosine_moments; ++k) {
    frequencies.push_back(std::numbers::pi_v<float> * static_cast<float>(k));
  }
  const auto angle = multiply(place, constant({1, 1, cosine_moments}, frequencies));
  const auto row =
      multiply(std::make_shared<op::Cos>(angle), constant({}, {std::numbers::sqrt2_v<float>}));
  return divide(multiply(row, clips.mask), clips.count);
}

/// The moments of a transform [B, T, W], in order: [B, moments_of(transform), W].
Value moments(Transform transform, const Clips& clips) {
  const Value read = transformed(transform, clips);
  if (!is_centred(transform)) return mean_over_time(read, clips);
  const Value deviation = std::make_shared<op::Sqrt>(mean_over_time(multiply(read, read), clips));
  const auto coefficients = std::make_shared<op::MatMul>(cosines(clips), read, true, false);
  return std::make_shared<op::Concat>(ov::OutputVector{deviation, coefficients}, 1);
}

/// The normalised moments of all transforms, [B, W].
Value normalised_moments(const Head& head, const Clips& clips) {
  const auto mean = head.parameters.at("norm/mean").data<float>();
  const float length = moment_length(head.spec);
  ov::OutputVector all;
  std::size_t first = 0;
  for (const Transform transform : head.spec.transforms) {
    const std::size_t rows = moments_of(transform);
    const std::size_t width = width_of(transform, head.spec);
    const auto part = mean.subspan(first, rows * width);
    first += part.size();
    const Value centred =
        subtract(moments(transform, clips), constant({1, rows, width}, {part.begin(), part.end()}));
    const auto squares = std::make_shared<op::ReduceSum>(multiply(centred, centred), integers({2}),
                                                         /*keep_dims=*/true);
    const Value norm = std::make_shared<op::Sqrt>(add(squares, constant({}, {moments_epsilon})));
    const Value scaled = multiply(divide(centred, norm), constant({}, {length}));
    all.push_back(std::make_shared<op::Reshape>(
        scaled, integers({0, static_cast<std::int64_t>(rows * width)}), /*special_zero=*/true));
  }
  return std::make_shared<op::Concat>(all, 1);
}

Value logits_of(const Head& head, const Clips& all) {
  const Clips clips = read_by(head, all);
  const Layers net(head.parameters);
  switch (head.spec.kind) {
    case HeadKind::mean:
      return net.dense(net.norm(drop_time(mean_over_time(clips.features, clips))), "classifier");
    case HeadKind::keras_gru: {
      const Value states = net.gru(net.gru(clips.features, clips, "gru"), clips, "gru_1");
      const Value last = std::make_shared<op::ReduceSum>(multiply(states, clips.last),
                                                         integers({1}), /*keep_dims=*/false);
      return net.dense(relu(net.dense(last, "dense")), "dense_1");
    }
    case HeadKind::moments:
      return net.dense(normalised_moments(head, clips), "classifier");
    case HeadKind::layers:
      return layer_logits(head, clips.features, clips.lengths);
    case HeadKind::gru:
      break;
  }
  ov::OutputVector transforms;
  for (const Transform transform : head.spec.transforms)
    transforms.push_back(transformed(transform, clips));
  const Value joined =
      transforms.size() == 1 ? transforms[0] : Value(std::make_shared<op::Concat>(transforms, 2));
  const Value projected = relu(net.dense(net.norm(joined), "projection"));
  const Value states =
      std::make_shared<op::Concat>(ov::OutputVector{net.gru(projected, clips, "forward"),
                                                    net.gru_backward(projected, clips, "backward")},
                                   2);
  return net.dense(drop_time(mean_over_time(states, clips)), "classifier");
}

}  // namespace

std::shared_ptr<ov::Model> build_graph(const Ensemble& ensemble) {
  const auto width = static_cast<std::int64_t>(input_width(ensemble.front().spec));
  const auto features = std::make_shared<op::Parameter>(
      ov::element::f32,
      ov::PartialShape{ov::Dimension::dynamic(), ov::Dimension::dynamic(), width});
  features->output(0).set_names({"features"});
  const auto lengths =
      std::make_shared<op::Parameter>(ov::element::i32, ov::PartialShape{ov::Dimension::dynamic()});
  lengths->output(0).set_names({"lengths"});

  const Clips clips = describe(features, lengths, ensemble.front().spec);
  Value sum;
  for (const Head& head : ensemble) {
    const Value probabilities = softmax(logits_of(head, clips));
    sum = sum.get_node() == nullptr ? probabilities : add(sum, probabilities);
  }
  const Value average = divide(sum, constant({}, {static_cast<float>(ensemble.size())}));
  average.get_node()->output(0).set_names({"probabilities"});
  return std::make_shared<ov::Model>(ov::ResultVector{std::make_shared<op::Result>(average)},
                                     ov::ParameterVector{features, lengths}, "head");
}

}  // namespace vidclass::head
