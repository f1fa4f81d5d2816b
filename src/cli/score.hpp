// Scores as text.
#pragma once

#include <string>
#include <vector>

#include "evaluate/verdict.hpp"

namespace vidclass::cli {

/// "top-1 70.3 % (60.4 to 79.1), ...": a few lines.
[[nodiscard]] std::string headline(const evaluate::Verdict& verdict);

/// Recall of each class and, for at most 20 classes, the confusion matrix.
[[nodiscard]] std::string class_table(const evaluate::Metrics& metrics,
                                      const std::vector<std::string>& labels);

}  // namespace vidclass::cli
