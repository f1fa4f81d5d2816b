#include "exchange/stored_int8.hpp"

#include <cmath>
#include <cstdint>
#include <memory>
#include <vector>

#include <openvino/op/constant.hpp>
#include <openvino/op/convert.hpp>
#include <openvino/op/fake_quantize.hpp>
#include <openvino/op/multiply.hpp>

namespace vidclass::exchange {
namespace {

using Constant = ov::op::v0::Constant;

constexpr std::size_t whole_levels = 255;  // -127 to 127
constexpr float top_level = 127;

/// The limits of a FakeQuantize that rounds constant weights to whole steps about zero, [out, 1,
/// ...]; null for any other.
std::shared_ptr<Constant> limits_of(const ov::op::v0::FakeQuantize& fake) {
  const auto input = [&](std::size_t i) {
    return ov::as_type_ptr<Constant>(fake.get_input_node_shared_ptr(i));
  };
  const auto low = input(1);
  const auto high = input(2);
  // In and out of the same nodes: values stay what they are.
  if (!input(0) || !low || !high || input(3) != low || input(4) != high ||
      fake.get_levels() != whole_levels) {
    return nullptr;
  }
  const auto below = low->cast_vector<float>();
  const auto above = high->cast_vector<float>();
  for (std::size_t i = 0; i < above.size(); ++i) {
    if (below.size() != above.size() || below[i] != -above[i]) return nullptr;
  }
  return high;
}

void store(const std::shared_ptr<ov::op::v0::FakeQuantize>& fake, const Constant& limits) {
  const auto weights = ov::as_type_ptr<Constant>(fake->get_input_node_shared_ptr(0));
  const auto values = weights->cast_vector<float>();
  std::vector<float> scales = limits.cast_vector<float>();
  for (float& scale : scales) scale /= top_level;
  const std::size_t each = values.size() / scales.size();
  std::vector<std::int8_t> steps;
  for (std::size_t i = 0; i < values.size(); ++i) {
    steps.push_back(static_cast<std::int8_t>(std::lround(values[i] / scales[i / each])));
  }
  const auto stored = std::make_shared<Constant>(ov::element::i8, weights->get_shape(), steps);
  const auto scale = std::make_shared<Constant>(ov::element::f32, limits.get_shape(), scales);
  const auto product = std::make_shared<ov::op::v1::Multiply>(
      std::make_shared<ov::op::v0::Convert>(stored, ov::element::f32), scale);
  product->set_friendly_name(fake->get_friendly_name());
  fake->output(0).replace(product->output(0));
}

}  // namespace

void store_weights_as_int8(ov::Model& model) {
  for (const auto& node : model.get_ordered_ops()) {
    const auto fake = ov::as_type_ptr<ov::op::v0::FakeQuantize>(node);
    if (!fake) continue;
    if (const auto limits = limits_of(*fake)) store(fake, *limits);
  }
}

}  // namespace vidclass::exchange
