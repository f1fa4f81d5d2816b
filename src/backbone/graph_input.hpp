// The first nodes that every network shares.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>

#include <openvino/op/parameter.hpp>

namespace vidclass::backbone {

struct GraphInput {
  std::shared_ptr<ov::op::v0::Parameter> frames;  // uint8 [batch, size, size, 3]
  ov::Output<ov::Node> pixels;                    // float32 [batch, 3, size, size], 0..255
};

[[nodiscard]] GraphInput make_graph_input(std::size_t batch, std::size_t size);

/// The parameter "motion_map": float32 [batch, side, side].
[[nodiscard]] std::shared_ptr<ov::op::v0::Parameter> make_motion_map_input(std::size_t batch,
                                                                           std::size_t side);

/// Weights [N, from, from] on a grid of `to` x `to` over the same square: each goes to the
/// positions that it overlaps, by area, so that sums stay the same.
[[nodiscard]] ov::Output<ov::Node> shared_out(const ov::Output<ov::Node>& weights, std::size_t from,
                                              std::size_t to);

/// Maps [N, C, g, g] summed over their positions with the weights [N, g, g]: [N, C].
[[nodiscard]] std::shared_ptr<ov::Node> weighted_sum(const ov::Output<ov::Node>& maps,
                                                     const ov::Output<ov::Node>& weights);

/// 0..255 to -1..1, as keras.applications.xception.preprocess_input: x / 127.5 - 1.
[[nodiscard]] ov::Output<ov::Node> normalise(const ov::Output<ov::Node>& pixels);

/// A float32 constant holding a copy of `count` values.
[[nodiscard]] ov::Output<ov::Node> constant_f32(const ov::Shape& shape, const float* values);

/// An int64 constant of one axis, as shapes, axes and orders are given.
[[nodiscard]] ov::Output<ov::Node> constant_i64(std::initializer_list<std::int64_t> values);

}  // namespace vidclass::backbone
