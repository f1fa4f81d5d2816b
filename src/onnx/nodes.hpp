// OpenVINO's operations in terms of ONNX's.
#pragma once

#include <string>

#include "onnx/graph_builder.hpp"

namespace vidclass::onnx {

/// Adds the nodes that compute what `node` does, whose inputs are declared or constant, and
/// declares its outputs. Throws Error naming an operation, or a setting of one, that has no
/// counterpart here.
void add_nodes(GraphBuilder& graph, const ov::Node& node);

/// "GRUSequence (backward)": for messages.
[[nodiscard]] std::string described(const ov::Node& node);
[[noreturn]] void refuse(const ov::Node& node, const std::string& what);

/// Gives the node's first output the name that `value` has.
void finish(GraphBuilder& graph, const ov::Node& node, const std::string& value);
/// A node of ONNX whose one output is that of `node`.
::onnx::NodeProto& add_named(GraphBuilder& graph, const ov::Node& node, const char* type,
                             const Names& inputs);

/// The values of an input that must be constant.
[[nodiscard]] Integers constant_input(const ov::Node& node, std::size_t input);
[[nodiscard]] std::string input(GraphBuilder& graph, const ov::Node& node, std::size_t index);
/// The same as int64.
[[nodiscard]] std::string int64_input(GraphBuilder& graph, const ov::Node& node, std::size_t index);

// Layers (layer_nodes.cpp).
void add_convolution(GraphBuilder& graph, const ov::Node& node);
void add_group_convolution(GraphBuilder& graph, const ov::Node& node);
void add_max_pool(GraphBuilder& graph, const ov::Node& node);
void add_average_pool(GraphBuilder& graph, const ov::Node& node);
void add_adaptive_average_pool(GraphBuilder& graph, const ov::Node& node);
void add_batch_norm(GraphBuilder& graph, const ov::Node& node);
void add_gru(GraphBuilder& graph, const ov::Node& node);
void add_lstm(GraphBuilder& graph, const ov::Node& node);

}  // namespace vidclass::onnx
