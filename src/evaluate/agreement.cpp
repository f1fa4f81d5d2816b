#include "evaluate/agreement.hpp"

#include <algorithm>
#include <cmath>
#include <span>

#include "core/format.hpp"
#include "vidclass/error.hpp"

namespace vidclass::evaluate {
namespace {

double cosine(std::span<const float> a, std::span<const float> b) {
  double ab = 0;
  double aa = 0;
  double bb = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    ab += double{a[i]} * b[i];
    aa += double{a[i]} * a[i];
    bb += double{b[i]} * b[i];
  }
  if (aa == 0 && bb == 0) return 1;
  return aa == 0 || bb == 0 ? 0 : ab / std::sqrt(aa * bb);
}

}  // namespace

Agreement compare_rows(const Tensor& a, const Tensor& b) {
  if (a.rank() != 2 || a.shape() != b.shape() || a.dim(0) == 0) {
    throw Error(format("rows of {} cannot be compared with rows of {}", format_shape(a.shape()),
                       format_shape(b.shape())));
  }
  const std::size_t width = a.dim(1);
  Agreement agreement{.mean_cosine = 0, .least_cosine = 1};
  for (std::size_t row = 0; row < a.dim(0); ++row) {
    const double value = cosine(a.data<float>().subspan(row * width, width),
                                b.data<float>().subspan(row * width, width));
    agreement.mean_cosine += value / static_cast<double>(a.dim(0));
    agreement.least_cosine = std::min(agreement.least_cosine, value);
  }
  return agreement;
}

}  // namespace vidclass::evaluate
