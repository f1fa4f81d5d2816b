// Each clip's probabilities, drawn and written.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "classify/ranked.hpp"

namespace vidclass::cli {

using classify::RankedLabel;

/// How predictions look.
struct Style {
  bool bars = false;            // for a terminal
  std::size_t label_width = 0;  // columns
};
/// A line each: label, percentage and a bar.
[[nodiscard]] std::string text(const std::vector<RankedLabel>& predictions,
                               const std::vector<std::string>& labels, const Style& style);
/// Rows path,rank,label,probability,error: one for each prediction, the rank from 1; one where
/// there is none.
[[nodiscard]] std::string csv(const std::filesystem::path& path,
                              const std::vector<RankedLabel>& predictions, const std::string& error,
                              const std::vector<std::string>& labels);

}  // namespace vidclass::cli
