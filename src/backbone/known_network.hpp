// The networks that are known by name. Another one is a file that defines its KnownNetwork, and its
// place in the list of known_network.cpp.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

#include <openvino/core/model.hpp>

#include "backbone/backbone.hpp"
#include "backbone/graph.hpp"
#include "core/progress.hpp"
#include "core/safetensors.hpp"
#include "vidclass/hooks.hpp"

namespace vidclass::backbone {

struct KnownNetwork {
  KnownBackbone about;
  /// Part of the fingerprint: raised whenever the graph computes other numbers.
  int version = 1;
  /// Sides of the last map and of the map in the middle for frames of `size` pixels.
  std::size_t (*map_size)(std::size_t size) = nullptr;
  std::size_t (*middle_map_size)(std::size_t size) = nullptr;  // null: there is none
  /// Finds and reads the weights, downloading them if need be; null: the network has none. Throws
  /// Error where they are missing or wrong, Cancelled.
  NamedTensors (*read_weights)(const ProgressFunction& progress,
                               const CancellationToken& cancel) = nullptr;
  /// The graph of make_graph(), in float32.
  std::shared_ptr<ov::Model> (*build)(const NamedTensors& weights, std::size_t batch,
                                      std::size_t size, const GraphOutputs& wanted) = nullptr;
};

extern const KnownNetwork xception;  // xception_graph.cpp
extern const KnownNetwork lite0;     // lite0.cpp
extern const KnownNetwork mini;      // mini_graph.cpp

/// Throws UsageError naming the known ones.
[[nodiscard]] const KnownNetwork& find_network(std::string_view name);

/// SHA-256 over name, shape and values of all tensors in the order of their names.
[[nodiscard]] std::string digest(const NamedTensors& weights);

}  // namespace vidclass::backbone
