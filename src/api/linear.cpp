#include "vidclass/linear.hpp"

#include <cmath>
#include <vector>

#include "core/format.hpp"
#include "train/logistic_regression.hpp"
#include "vidclass/error.hpp"

namespace vidclass {

LinearClassifier fit_linear(const Tensor& rows, std::span<const std::size_t> labels,
                            std::size_t label_count, const LinearOptions& options,
                            const CancellationToken& cancel) {
  if (rows.dtype() != DType::f32 || rows.rank() != 2 || rows.dim(0) != labels.size()) {
    throw UsageError(format("rows must be F32 [N, D] with N = {}, the number of labels, not {} {}",
                            labels.size(), name_of(rows.dtype()), format_shape(rows.shape())));
  }
  if (!(options.strength > 0) || !std::isfinite(options.strength)) {
    throw UsageError(format("the strength must be above 0, not {}", options.strength));
  }
  const std::size_t width = rows.dim(1);
  std::vector<const float*> each(labels.size());
  for (std::size_t i = 0; i < each.size(); ++i) each[i] = rows.data<float>().data() + i * width;
  return train::fit_logistic_regression(each, width, labels, label_count,
                                        {.strength = options.strength,
                                         .balanced = options.balanced,
                                         .most_iterations = options.most_iterations},
                                        cancel);
}

}  // namespace vidclass
