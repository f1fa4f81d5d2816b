// Scores as text.
#pragma once

#include <string>
#include <vector>

#include "core/json.hpp"
#include "pipeline/place_scores.hpp"
#include "report/documents.hpp"

namespace vidclass::cli {

/// "top-1 70.3 % (60.4 to 79.1), ...": a few lines.
[[nodiscard]] std::string headline(const report::EvaluationRecord& record);

/// Recall of each class and, for at most 20 classes, the confusion matrix.
[[nodiscard]] std::string class_table(const evaluate::Metrics& metrics,
                                      const std::vector<std::string>& labels);

/// What the score is worth in places that were trained in and in others: a few lines.
[[nodiscard]] std::string place_lines(const pipeline::PlaceScores& places);

}  // namespace vidclass::cli
