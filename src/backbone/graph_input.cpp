#include "backbone/graph_input.hpp"

#include <array>
#include <cstdint>
#include <vector>

#include <openvino/op/constant.hpp>
#include <openvino/op/convert.hpp>
#include <openvino/op/matmul.hpp>
#include <openvino/op/multiply.hpp>
#include <openvino/op/reshape.hpp>
#include <openvino/op/squeeze.hpp>
#include <openvino/op/subtract.hpp>
#include <openvino/op/transpose.hpp>

namespace vidclass::backbone {

ov::Output<ov::Node> constant_f32(const ov::Shape& shape, const float* values) {
  return std::make_shared<ov::op::v0::Constant>(ov::element::f32, shape, values);
}

GraphInput make_graph_input(std::size_t batch, std::size_t size) {
  auto frames =
      std::make_shared<ov::op::v0::Parameter>(ov::element::u8, ov::Shape{batch, size, size, 3});
  frames->set_friendly_name("frames");
  frames->output(0).set_names({"frames"});

  const auto real = std::make_shared<ov::op::v0::Convert>(frames, ov::element::f32);
  const std::array<std::int64_t, 4> to_nchw{0, 3, 1, 2};
  const auto order =
      std::make_shared<ov::op::v0::Constant>(ov::element::i64, ov::Shape{4}, to_nchw.data());
  return {frames, std::make_shared<ov::op::v1::Transpose>(real, order)};
}

std::shared_ptr<ov::op::v0::Parameter> make_motion_map_input(std::size_t batch, std::size_t side) {
  auto map =
      std::make_shared<ov::op::v0::Parameter>(ov::element::f32, ov::Shape{batch, side, side});
  map->set_friendly_name("motion_map");
  map->output(0).set_names({"motion_map"});
  return map;
}

std::shared_ptr<ov::Node> weighted_sum(const ov::Output<ov::Node>& maps,
                                       const ov::Output<ov::Node>& weights) {
  const auto integers = [](const std::vector<std::int64_t>& values) {
    return std::make_shared<ov::op::v0::Constant>(ov::element::i64, ov::Shape{values.size()},
                                                  values);
  };
  // [N, C, g g] times [N, g g, 1]: one pass over the maps.
  const auto rows = std::make_shared<ov::op::v1::Reshape>(maps, integers({0, 0, -1}), true);
  const auto column = std::make_shared<ov::op::v1::Reshape>(weights, integers({0, -1, 1}), true);
  const auto product = std::make_shared<ov::op::v0::MatMul>(rows, column);
  return std::make_shared<ov::op::v0::Squeeze>(product, integers({2}));
}

ov::Output<ov::Node> normalise(const ov::Output<ov::Node>& pixels) {
  const float scale = 1.0F / 127.5F;
  const float one = 1.0F;
  const auto scaled = std::make_shared<ov::op::v1::Multiply>(pixels, constant_f32({}, &scale));
  return std::make_shared<ov::op::v1::Subtract>(scaled, constant_f32({}, &one));
}

}  // namespace vidclass::backbone
