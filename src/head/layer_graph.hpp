// Heads that are chains of layers, as a graph.
#pragma once

#include "head/graph_ops.hpp"
#include "head/head.hpp"

namespace vidclass::head {

/// What goes into the softmax, [B, L]. `features`: float32 [B, T, D], `lengths`: int32 [B]. What
/// lies beyond a clip's length is never looked at.
[[nodiscard]] Value layer_logits(const Head& head, const Value& features, const Value& lengths);

/// One layer of clips that all have T frames, `x` float32 [B, T, X] (or without T). `lengths`,
/// int32 [B]: where they end; looked at by layers that know of it (Layer::masked) alone.
/// `parameters` by the layer's name.
[[nodiscard]] Value apply(const Layer& layer, const NamedTensors& parameters, const Value& x,
                          const Value& lengths);

}  // namespace vidclass::head
