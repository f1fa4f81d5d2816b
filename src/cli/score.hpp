// Metrics as JSON and as text.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/json.hpp"
#include "evaluate/metrics.hpp"

namespace vidclass::cli {

/// top1, top5, mean_class_accuracy, loss.
[[nodiscard]] Json to_json(const evaluate::Metrics& metrics);

/// Recall of each class and, for at most 20 classes, the confusion matrix.
[[nodiscard]] std::string class_table(const evaluate::Metrics& metrics,
                                      const std::vector<std::string>& labels);

}  // namespace vidclass::cli
