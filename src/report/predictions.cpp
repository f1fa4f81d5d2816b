#include "report/predictions.hpp"

#include "classify/ranked.hpp"
#include "core/atomic_file.hpp"
#include "core/csv.hpp"
#include "core/format.hpp"

namespace vidclass::report {

void write_predictions(const std::filesystem::path& path, const std::vector<PredictionRow>& rows,
                       const std::vector<std::string>& labels) {
  std::string csv = "path,label,predicted";
  for (const std::string& label : labels) csv += format(",{}", csv_field("p(" + label + ")"));
  csv += "\n";
  for (const PredictionRow& row : rows) {
    const std::size_t best = classify::ranked(row.probabilities, 1).at(0).label;
    csv += format("{},{},{}", csv_field(row.path.string()), csv_field(labels[row.truth]),
                  csv_field(labels[best]));
    for (const float probability : row.probabilities) csv += format(",{:.6g}", probability);
    csv += "\n";
  }
  write_file_atomically(path, csv);
}

}  // namespace vidclass::report
