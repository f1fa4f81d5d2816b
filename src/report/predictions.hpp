// Each clip's probabilities as a table.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace vidclass::report {

struct PredictionRow {
  std::filesystem::path path;
  std::size_t truth = 0;
  std::vector<float> probabilities;
};
/// CSV: path,label,predicted, then a column of probabilities for each label.
void write_predictions(const std::filesystem::path& path, const std::vector<PredictionRow>& rows,
                       const std::vector<std::string>& labels);

}  // namespace vidclass::report
