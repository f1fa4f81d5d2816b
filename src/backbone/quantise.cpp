#include "backbone/quantise.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <openvino/op/add.hpp>
#include <openvino/op/constant.hpp>
#include <openvino/op/convolution.hpp>
#include <openvino/op/fake_quantize.hpp>
#include <openvino/op/group_conv.hpp>

#include "backbone/graph_input.hpp"
#include "backbone/quantisation_point.hpp"
#include "core/format.hpp"
#include "vidclass/core/error.hpp"

namespace vidclass::backbone {
namespace {

constexpr std::size_t activation_levels = 256;
constexpr std::size_t weight_levels = 255;  // about zero, of signed 8-bit numbers

ov::Output<ov::Node> scalar(float value) { return constant_f32({}, &value); }

std::span<const float> array_of(const Calibration& calibration, const QuantisationPoint& point,
                                const std::string& what) {
  const auto found = calibration.ranges.find(point.name + "/" + what);
  if (found == calibration.ranges.end() || found->second.dtype() != DType::f32 ||
      found->second.shape() != Shape{point.channels}) {
    throw Error(
        format("the calibration does not fit the network: {}/{} is missing or not of {} "
               "channels",
               point.name, what, point.channels));
  }
  return found->second.data<float>();
}

/// How a channel's values x become whole steps: x is near `zero` + `width` * q, where
/// q = step / 255.
struct Channels {
  std::vector<double> width{}, zero{};
  std::span<const float> mean, quantised_mean;
  ov::Output<ov::Node> quantised{};  // q
};

Channels quantise_activations(const QuantisationPoint& point, const Calibration& calibration) {
  const auto low = array_of(calibration, point, "low");
  const auto high = array_of(calibration, point, "high");
  Channels channels{.mean = array_of(calibration, point, "mean"),
                    .quantised_mean = array_of(calibration, point, "quantised_mean")};
  const bool has_sign = std::any_of(low.begin(), low.end(), [](float v) { return v < 0; });
  const bool symmetric = has_sign && point.zero_must_be_exact();
  for (std::size_t c = 0; c < point.channels; ++c) {
    if (!(high[c] > low[c])) {
      throw Error(format("the calibration is damaged: {} has an empty range", point.name));
    }
    channels.width.push_back(double{high[c]} - double{low[c]});
    channels.zero.push_back(symmetric ? 0.0 : double{low[c]});
  }
  const ov::Shape shape{1, point.channels, 1, 1};
  // One range of q for all channels: the widths go into the weights, so that the
  // convolution runs on whole numbers alone.
  channels.quantised = std::make_shared<ov::op::v0::FakeQuantize>(
      point.source, constant_f32(shape, low.data()), constant_f32(shape, high.data()),
      scalar(symmetric ? -128.0F / 255.0F : 0.0F), scalar(symmetric ? 127.0F / 255.0F : 1.0F),
      activation_levels);
  return channels;
}

/// Weights seen as [out][in of its group][positions].
struct Layout {
  std::size_t out = 0, in = 0, positions = 0, out_per_group = 0;

  explicit Layout(const WeightedConvolution& convolution) {
    const ov::Shape& shape = convolution.node->get_input_shape(1);
    const std::size_t first = convolution.grouped ? 1 : 0;
    out_per_group = shape[first];
    out = convolution.grouped ? shape[0] * out_per_group : out_per_group;
    in = shape[first + 1];
    positions = shape[first + 2] * shape[first + 3];
  }
  [[nodiscard]] std::size_t input_channel(std::size_t o, std::size_t i) const {
    return o / out_per_group * in + i;
  }
};

struct QuantisedWeights {
  std::vector<float> values;    // as int8 represents them
  std::vector<float> limits{};  // [out], what 127 stands for
  std::vector<double> bias{};   // [out], to be added to the convolution's result
};

QuantisedWeights quantise_weights(std::span<const float> weights, const Layout& layout,
                                  const Channels& channels, int bits) {
  const double top = (1 << (bits - 1)) - 1;  // the greatest whole number used
  const std::size_t per_output = layout.in * layout.positions;
  QuantisedWeights result{.values = std::vector<float>(weights.size())};
  std::vector<double> wide(per_output);
  for (std::size_t o = 0; o < layout.out; ++o) {
    double greatest = 1e-12;
    for (std::size_t k = 0; k < per_output; ++k) {
      const std::size_t c = layout.input_channel(o, k / layout.positions);
      wide[k] = weights[o * per_output + k] * channels.width[c];
      greatest = std::max(greatest, std::abs(wide[k]));
    }
    const double step = greatest / top;
    double bias = 0;
    for (std::size_t k = 0; k < per_output; ++k) {
      const std::size_t c = layout.input_channel(o, k / layout.positions);
      const double value = std::round(wide[k] / step) * step;
      result.values[o * per_output + k] = static_cast<float>(value);
      bias += weights[o * per_output + k] * double{channels.mean[c]} -
              value * (channels.quantised_mean[c] - channels.zero[c]) / channels.width[c];
    }
    result.limits.push_back(static_cast<float>(step * 127));
    result.bias.push_back(bias);
  }
  return result;
}

/// The constant that is added to the convolution's result for each channel, where
/// that is all that is done with it.
std::shared_ptr<ov::Node> bias_of(const ov::Output<ov::Node>& result, std::size_t out) {
  const auto readers = result.get_target_inputs();
  if (readers.size() != 1) return nullptr;
  auto add = ov::as_type_ptr<ov::op::v1::Add>(readers.begin()->get_node()->shared_from_this());
  if (!add) return nullptr;
  const auto bias = ov::as_type_ptr<ov::op::v0::Constant>(add->get_input_node_shared_ptr(1));
  const bool fits = bias && bias->get_element_type() == ov::element::f32 &&
                    bias->get_shape() == ov::Shape{1, out, 1, 1};
  return fits ? add : nullptr;
}

void replace(const WeightedConvolution& convolution, const Channels& channels, int bits) {
  const auto& node = convolution.node;
  const Layout layout(convolution);
  const auto constant = ov::as_type_ptr<ov::op::v0::Constant>(node->get_input_node_shared_ptr(1));
  const QuantisedWeights weights =
      quantise_weights({constant->get_data_ptr<float>(), ov::shape_size(constant->get_shape())},
                       layout, channels, bits);

  ov::Shape per_output(constant->get_shape().size(), 1);
  per_output[0] = convolution.grouped ? layout.out / layout.out_per_group : layout.out;
  if (convolution.grouped) per_output[1] = layout.out_per_group;
  std::vector<float> negative;
  for (const float limit : weights.limits) negative.push_back(-limit);
  const auto low = constant_f32(per_output, negative.data());
  const auto high = constant_f32(per_output, weights.limits.data());
  const auto fake = std::make_shared<ov::op::v0::FakeQuantize>(
      constant_f32(constant->get_shape(), weights.values.data()), low, high, low, high,
      weight_levels);

  const std::shared_ptr<ov::Node> quick =
      node->clone_with_new_inputs({channels.quantised, fake->output(0)});
  quick->set_friendly_name(node->get_friendly_name());
  const ov::Output<ov::Node> old = node->output(0);
  std::vector<float> bias(weights.bias.begin(), weights.bias.end());
  const ov::Shape bias_shape{1, layout.out, 1, 1};
  if (const auto add = bias_of(old, layout.out)) {
    const auto present = ov::as_type_ptr<ov::op::v0::Constant>(add->get_input_node_shared_ptr(1));
    for (std::size_t o = 0; o < layout.out; ++o) bias[o] += present->get_data_ptr<float>()[o];
    add->input(1).replace_source_output(constant_f32(bias_shape, bias.data()));
    add->input(0).replace_source_output(quick->output(0));
  } else {
    const auto readers = old.get_target_inputs();
    const auto sum =
        std::make_shared<ov::op::v1::Add>(quick, constant_f32(bias_shape, bias.data()));
    for (ov::Input<ov::Node> reader : readers) reader.replace_source_output(sum->output(0));
  }
}

/// Keeps the values as they are but for the steps.
void quantise_poolings(const QuantisationPoint& point, const Calibration& calibration) {
  const ov::Shape shape{1, point.channels, 1, 1};
  const auto low = constant_f32(shape, array_of(calibration, point, "low").data());
  const auto high = constant_f32(shape, array_of(calibration, point, "high").data());
  const auto fake = std::make_shared<ov::op::v0::FakeQuantize>(point.source, low, high, low, high,
                                                               activation_levels);
  for (const auto& pooling : point.poolings) {
    pooling->input(0).replace_source_output(fake->output(0));
  }
}

}  // namespace

void quantise(ov::Model& model, const Calibration& calibration, int weight_bits) {
  // A point's source may be a convolution that an earlier point has replaced; its
  // readers follow the replacement, so the source is read anew from them.
  for (QuantisationPoint& point : quantisation_points(model)) {
    if (point.convolutions.empty()) {
      point.source = point.poolings[0]->input_value(0);
      quantise_poolings(point, calibration);
      continue;
    }
    point.source = point.convolutions[0].node->input_value(0);
    const Channels channels = quantise_activations(point, calibration);
    for (const WeightedConvolution& convolution : point.convolutions) {
      replace(convolution, channels, weight_bits);
    }
  }
  model.validate_nodes_and_infer_types();
}

}  // namespace vidclass::backbone
