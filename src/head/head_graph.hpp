// Heads as an OpenVINO graph.
#pragma once

#include <memory>

#include <openvino/core/model.hpp>

#include "head/head.hpp"

namespace vidclass::head {

/// Inputs "features" float32 [B, T, P (D + M)] and "lengths" int32 [B] (1..T; what lies
/// beyond is never looked at), B and T free. Output: float32 probabilities [B, L].
[[nodiscard]] std::shared_ptr<ov::Model> build_graph(const Ensemble& ensemble);

}  // namespace vidclass::head
