// What a model says of a clip, as every door of the library tells it.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "classify/classifier.hpp"
#include "core/json.hpp"

namespace vidclass::pipeline {

/// {path, predictions: [{label, probability}, ...], streams?: {appearance, motion, motion_weight,
/// novelty}, error?}: the `top` most probable labels, best first; `error`: why there are none, or
/// what else went wrong.
[[nodiscard]] Json prediction_json(const classify::ClipResult& result, const std::string& error,
                                   const std::vector<std::string>& labels, std::size_t top);

/// What was said after each frame that was read, of the `top` labels that are most probable in the
/// end: {times: [T], labels: [...], probabilities: [T][labels]}; null without
/// ClassifierOptions::follow.
[[nodiscard]] Json so_far_json(const classify::ClipResult& result,
                               const std::vector<std::string>& labels, std::size_t top);

}  // namespace vidclass::pipeline
