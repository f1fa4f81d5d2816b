// The places of a graph where activations become int8.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include <openvino/core/model.hpp>

namespace vidclass::backbone {

/// A convolution, grouped or not, with constant weights.
struct WeightedConvolution {
  std::shared_ptr<ov::Node> node;
  bool grouped = false;    // weights [groups, out, in, height, width], else [out, in, ...]
  bool depthwise = false;  // one channel in and one out a group
  bool pads = false;       // reads zeros beyond the border
};

/// A value [N, channels, height, width] that convolutions or max poolings read.
struct QuantisationPoint {
  std::string name;  // of the layer that reads it, the least of their names
  ov::Output<ov::Node> source;
  std::size_t channels = 0;
  std::vector<WeightedConvolution> convolutions{};
  /// Max poolings, which are quick in int8 only if their input is.
  std::vector<std::shared_ptr<ov::Node>> poolings{};

  /// A zero beyond the border must be a zero of int8 too.
  [[nodiscard]] bool zero_must_be_exact() const;
  /// A weight that reads several channels must suit them all.
  [[nodiscard]] bool mixes_channels() const;
};

/// In the order of the graph.
[[nodiscard]] std::vector<QuantisationPoint> quantisation_points(const ov::Model& model);

}  // namespace vidclass::backbone
