#include "evaluate/outcome.hpp"

#include <algorithm>
#include <cmath>

#include "core/arrays.hpp"
#include "core/format.hpp"
#include "evaluate/score.hpp"
#include "vidclass/error.hpp"

namespace vidclass::evaluate {
namespace {

void check(const Tensor& probabilities, std::span<const std::size_t> labels) {
  if (probabilities.dtype() != DType::f32 || probabilities.rank() != 2) {
    throw Error(format("probabilities must be float32 [clips, labels], not {} {}",
                       name_of(probabilities.dtype()), format_shape(probabilities.shape())));
  }
  if (probabilities.dim(0) != labels.size()) {
    throw Error(format("there are probabilities of {} clips, but labels of {}",
                       probabilities.dim(0), labels.size()));
  }
  if (labels.empty()) throw Error("there is no clip to evaluate");
  if (!all_finite(probabilities)) {
    throw Error("a probability is not a finite number");
  }
  for (const std::size_t label : labels) {
    if (label < probabilities.dim(1)) continue;
    throw Error(
        format("the label {} is out of range: there are {} labels", label, probabilities.dim(1)));
  }
}

std::size_t rank_of(std::size_t label, std::span<const float> probabilities) {
  std::size_t rank = 0;
  for (std::size_t other = 0; other < probabilities.size(); ++other) {
    if (probabilities[other] > probabilities[label] ||
        (probabilities[other] == probabilities[label] && other < label)) {
      ++rank;
    }
  }
  return rank;
}

}  // namespace

std::vector<Outcome> outcomes(const Tensor& probabilities, std::span<const std::size_t> labels) {
  check(probabilities, labels);
  const std::size_t label_count = probabilities.dim(1);
  std::vector<Outcome> result(labels.size());
  for (std::size_t clip = 0; clip < labels.size(); ++clip) {
    const auto row = probabilities.data<float>().subspan(clip * label_count, label_count);
    const auto best = std::max_element(row.begin(), row.end());
    const std::size_t label = labels[clip];
    result[clip] = {.label = label,
                    .predicted = static_cast<std::size_t>(best - row.begin()),
                    .rank = rank_of(label, row),
                    .confidence = *best,
                    .loss = surprise_of(static_cast<double>(row[label]))};
  }
  return result;
}

}  // namespace vidclass::evaluate
