#include "backbone/quantisation_point.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include <openvino/op/constant.hpp>
#include <openvino/op/convolution.hpp>
#include <openvino/op/group_conv.hpp>
#include <openvino/op/max_pool.hpp>

namespace vidclass::backbone {
namespace {

template <typename Convolution>
bool pads_frame(const Convolution& convolution, const ov::Shape& weights) {
  const bool pointwise = weights[weights.size() - 1] == 1 && weights[weights.size() - 2] == 1;
  if (pointwise || convolution.get_auto_pad() == ov::op::PadType::VALID) return false;
  if (convolution.get_auto_pad() != ov::op::PadType::EXPLICIT) return true;
  const auto is_zero = [](std::ptrdiff_t pad) { return pad == 0; };
  const auto& begin = convolution.get_pads_begin();
  const auto& end = convolution.get_pads_end();
  return !std::all_of(begin.begin(), begin.end(), is_zero) ||
         !std::all_of(end.begin(), end.end(), is_zero);
}

std::optional<WeightedConvolution> as_weighted(const std::shared_ptr<ov::Node>& node) {
  const auto plain = ov::as_type_ptr<ov::op::v1::Convolution>(node);
  const auto grouped = ov::as_type_ptr<ov::op::v1::GroupConvolution>(node);
  if (!plain && !grouped) return std::nullopt;
  const auto weights = ov::as_type_ptr<ov::op::v0::Constant>(node->get_input_node_shared_ptr(1));
  if (!weights || weights->get_element_type() != ov::element::f32) return std::nullopt;
  const ov::Shape& shape = weights->get_shape();
  if (shape.size() != (grouped ? 5U : 4U)) return std::nullopt;  // of two dimensions only
  return WeightedConvolution{
      .node = node,
      .grouped = grouped != nullptr,
      .depthwise = grouped && shape[1] == 1 && shape[2] == 1,
      .pads = grouped ? pads_frame(*grouped, shape) : pads_frame(*plain, shape)};
}

}  // namespace

bool QuantisationPoint::zero_must_be_exact() const {
  return std::any_of(convolutions.begin(), convolutions.end(),
                     [](const WeightedConvolution& one) { return one.pads; });
}

bool QuantisationPoint::mixes_channels() const {
  return std::any_of(convolutions.begin(), convolutions.end(),
                     [](const WeightedConvolution& one) { return !one.depthwise; });
}

std::vector<QuantisationPoint> quantisation_points(const ov::Model& model) {
  std::vector<QuantisationPoint> points;
  std::map<std::pair<const ov::Node*, std::size_t>, std::size_t> known;
  for (const auto& node : model.get_ordered_ops()) {
    const auto convolution = as_weighted(node);
    const bool is_pooling = ov::is_type<ov::op::v1::MaxPool>(node);
    if (!convolution && !is_pooling) continue;
    const ov::Output<ov::Node> source = node->input_value(0);
    const auto& shape = source.get_partial_shape();
    if (shape.rank().is_dynamic() || shape.size() != 4 || shape[1].is_dynamic()) continue;
    const auto [found, is_new] =
        known.try_emplace({source.get_node(), source.get_index()}, points.size());
    if (is_new) {
      points.push_back({.name = node->get_friendly_name(),
                        .source = source,
                        .channels = static_cast<std::size_t>(shape[1].get_length())});
    }
    QuantisationPoint& point = points[found->second];
    point.name = std::min(point.name, node->get_friendly_name());
    if (convolution) {
      point.convolutions.push_back(*convolution);
    } else {
      point.poolings.push_back(node);
    }
  }
  return points;
}

}  // namespace vidclass::backbone
