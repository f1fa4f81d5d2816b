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

#include "backbone/convolution_weights.hpp"
#include "backbone/graph_input.hpp"
#include "backbone/quantisation_point.hpp"
#include "core/format.hpp"
#include "vidclass/error.hpp"

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

struct QuantisedWeights {
  std::vector<float> values{};  // as int8 represents them
  std::vector<float> limits{};  // [out], what 127 stands for
  std::vector<double> bias{};   // [out], to be added to the convolution's result
};

QuantisedWeights quantise_weights(const ConvolutionWeights& weights, const Channels& channels,
                                  int bits) {
  const double top = (1 << (bits - 1)) - 1;  // the greatest whole number used
  QuantisedWeights result;
  std::vector<double> wide(weights.per_output());
  for (std::size_t o = 0; o < weights.out; ++o) {
    const auto exact = weights.of_output(o);
    double greatest = 1e-12;
    for (std::size_t k = 0; k < exact.size(); ++k) {
      wide[k] = exact[k] * channels.width[weights.input_channel(o, k)];
      greatest = std::max(greatest, std::abs(wide[k]));
    }
    const double step = greatest / top;
    double bias = 0;
    for (std::size_t k = 0; k < exact.size(); ++k) {
      const std::size_t c = weights.input_channel(o, k);
      const double value = std::round(wide[k] / step) * step;
      result.values.push_back(static_cast<float>(value));
      bias += exact[k] * double{channels.mean[c]} -
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
  const ConvolutionWeights exact(convolution);
  const QuantisedWeights weights = quantise_weights(exact, channels, bits);

  const ov::Shape shape = node->get_input_shape(1);
  ov::Shape per_output(shape.size(), 1);
  per_output[0] = convolution.grouped ? exact.out / exact.out_per_group : exact.out;
  if (convolution.grouped) per_output[1] = exact.out_per_group;
  std::vector<float> negative;
  for (const float limit : weights.limits) negative.push_back(-limit);
  const auto low = constant_f32(per_output, negative.data());
  const auto high = constant_f32(per_output, weights.limits.data());
  const auto fake = std::make_shared<ov::op::v0::FakeQuantize>(
      constant_f32(shape, weights.values.data()), low, high, low, high, weight_levels);

  const std::shared_ptr<ov::Node> quick =
      node->clone_with_new_inputs({channels.quantised, fake->output(0)});
  quick->set_friendly_name(node->get_friendly_name());
  const ov::Output<ov::Node> old = node->output(0);
  std::vector<float> bias(weights.bias.begin(), weights.bias.end());
  const ov::Shape bias_shape{1, exact.out, 1, 1};
  if (const auto add = bias_of(old, exact.out)) {
    const auto present = ov::as_type_ptr<ov::op::v0::Constant>(add->get_input_node_shared_ptr(1));
    for (std::size_t o = 0; o < exact.out; ++o) bias[o] += present->get_data_ptr<float>()[o];
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
