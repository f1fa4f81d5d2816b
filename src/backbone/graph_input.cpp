#include "backbone/graph_input.hpp"

#include <cstdint>
#include <iterator>
#include <vector>

#include <openvino/op/constant.hpp>
#include <openvino/op/convert.hpp>
#include <openvino/op/matmul.hpp>
#include <openvino/op/multiply.hpp>
#include <openvino/op/reshape.hpp>
#include <openvino/op/squeeze.hpp>
#include <openvino/op/subtract.hpp>
#include <openvino/op/transpose.hpp>

#include "backbone/overlaps.hpp"

namespace vidclass::backbone {

ov::Output<ov::Node> constant_f32(const ov::Shape& shape, const float* values) {
  return std::make_shared<ov::op::v0::Constant>(ov::element::f32, shape, values);
}

ov::Output<ov::Node> constant_i64(std::initializer_list<std::int64_t> values) {
  return std::make_shared<ov::op::v0::Constant>(ov::element::i64, ov::Shape{values.size()},
                                                std::data(values));
}

GraphInput make_graph_input(std::size_t batch, std::size_t size) {
  auto frames =
      std::make_shared<ov::op::v0::Parameter>(ov::element::u8, ov::Shape{batch, size, size, 3});
  frames->set_friendly_name("frames");
  frames->output(0).set_names({"frames"});

  const auto real = std::make_shared<ov::op::v0::Convert>(frames, ov::element::f32);
  return {frames, std::make_shared<ov::op::v1::Transpose>(real, constant_i64({0, 3, 1, 2}))};
}

std::shared_ptr<ov::op::v0::Parameter> make_motion_map_input(std::size_t batch, std::size_t side) {
  auto map =
      std::make_shared<ov::op::v0::Parameter>(ov::element::f32, ov::Shape{batch, side, side});
  map->set_friendly_name("motion_map");
  map->output(0).set_names({"motion_map"});
  return map;
}

ov::Output<ov::Node> shared_out(const ov::Output<ov::Node>& weights, std::size_t from,
                                std::size_t to) {
  const std::vector<float> shares = overlaps(from, to);
  const auto share = constant_f32({to, from}, shares.data());
  const auto rows = std::make_shared<ov::op::v0::MatMul>(share, weights);
  return std::make_shared<ov::op::v0::MatMul>(rows, share, false, true);
}

std::shared_ptr<ov::Node> weighted_sum(const ov::Output<ov::Node>& maps,
                                       const ov::Output<ov::Node>& weights) {
  // [N, C, g g] times [N, g g, 1]: one pass over the maps.
  const auto rows = std::make_shared<ov::op::v1::Reshape>(maps, constant_i64({0, 0, -1}), true);
  const auto column =
      std::make_shared<ov::op::v1::Reshape>(weights, constant_i64({0, -1, 1}), true);
  const auto product = std::make_shared<ov::op::v0::MatMul>(rows, column);
  return std::make_shared<ov::op::v0::Squeeze>(product, constant_i64({2}));
}

ov::Output<ov::Node> normalise(const ov::Output<ov::Node>& pixels) {
  const float scale = 1.0F / 127.5F;
  const float one = 1.0F;
  const auto scaled = std::make_shared<ov::op::v1::Multiply>(pixels, constant_f32({}, &scale));
  return std::make_shared<ov::op::v1::Subtract>(scaled, constant_f32({}, &one));
}

}  // namespace vidclass::backbone
