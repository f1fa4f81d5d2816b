#include "train/group_error.hpp"

#include <cmath>
#include <map>
#include <numeric>

namespace vidclass::train {

double mean_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double standard_error(const std::vector<double>& values, const std::vector<std::size_t>& groups) {
  const double centre = mean_of(values);
  std::map<std::size_t, double> excess;
  for (std::size_t i = 0; i < values.size(); ++i) excess[groups.at(i)] += values[i] - centre;
  if (excess.size() < 2) return INFINITY;
  double squares = 0;
  for (const auto& [group, sum] : excess) squares += sum * sum;
  const auto count = static_cast<double>(excess.size());
  return std::sqrt(squares * count / (count - 1)) / static_cast<double>(values.size());
}

}  // namespace vidclass::train
