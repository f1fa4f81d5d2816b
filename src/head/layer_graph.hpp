// Heads that are chains of layers, as a graph.
#pragma once

#include "head/graph_ops.hpp"
#include "head/head.hpp"

namespace vidclass::head {

/// What goes into the softmax, [B, L]. `features`: float32 [B, T, D], `lengths`: int32 [B]. What
/// lies beyond a clip's length is never looked at.
[[nodiscard]] Value layer_logits(const Head& head, const Value& features, const Value& lengths);

}  // namespace vidclass::head
