#include "train/matrix.hpp"

#include <cblas.h>

#include <algorithm>
#include <cstdint>
#include <mutex>

namespace vidclass::train {
namespace {

void use_one_thread() {
  static std::once_flag once;
  std::call_once(once, [] { openblas_set_num_threads(1); });
}

blasint as_int(std::size_t value) { return static_cast<blasint>(value); }

/// The distance from row to row, where they lie evenly; 0 where they do not.
std::size_t even_stride(Rows rows, std::size_t width) {
  if (rows.size() == 1) return width;
  // As numbers: the rows need not be of one array.
  const auto place = [&](std::size_t i) { return reinterpret_cast<std::uintptr_t>(rows[i]); };
  const std::uintptr_t bytes = place(1) - place(0);
  if (place(1) < place(0) || bytes % sizeof(float) != 0) return 0;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    if (place(i) - place(i - 1) != bytes) return 0;
  }
  const std::size_t stride = bytes / sizeof(float);
  // Beyond it lies more than a clip: rows that are even by chance.
  constexpr std::size_t longest = 1 << 24;
  return stride >= width && stride <= longest ? stride : 0;
}

/// Rows as a matrix, copied only where they do not lie evenly.
class Gathered {
public:
  Gathered(Rows rows, std::size_t width) : values_(rows[0]), stride_(even_stride(rows, width)) {
    if (stride_ > 0) return;
    copy_.resize(rows.size() * width);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      std::copy_n(rows[i], width, copy_.data() + i * width);
    }
    values_ = copy_.data();
    stride_ = width;
  }
  Gathered(const Gathered&) = delete;
  Gathered& operator=(const Gathered&) = delete;

  [[nodiscard]] const float* values() const noexcept { return values_; }
  [[nodiscard]] blasint stride() const noexcept { return as_int(stride_); }

private:
  const float* values_;
  std::size_t stride_;
  std::vector<float> copy_;
};

}  // namespace

std::vector<const float*> rows_of(std::span<const float> values, std::size_t width) {
  std::vector<const float*> rows;
  rows.reserve(values.size() / width);
  for (std::size_t i = 0; i < values.size(); i += width) rows.push_back(values.data() + i);
  return rows;
}

void multiply(Rows rows, std::size_t inner, const float* weights, std::size_t columns,
              const float* bias, float* target) {
  if (rows.empty()) return;
  use_one_thread();
  if (bias != nullptr) {
    for (std::size_t i = 0; i < rows.size(); ++i) std::copy_n(bias, columns, target + i * columns);
  }
  const Gathered left(rows, inner);
  cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, as_int(rows.size()), as_int(columns),
              as_int(inner), 1, left.values(), left.stride(), weights, as_int(columns),
              bias == nullptr ? 0.0F : 1.0F, target, as_int(columns));
}

void multiply_transposed(Rows rows, std::size_t inner, const float* weights, std::size_t columns,
                         float* target) {
  if (rows.empty()) return;
  use_one_thread();
  const Gathered left(rows, inner);
  cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, as_int(rows.size()), as_int(columns),
              as_int(inner), 1, left.values(), left.stride(), weights, as_int(inner), 0, target,
              as_int(columns));
}

void add_outer_products(Rows rows, std::size_t inner, const float* right, std::size_t columns,
                        float* target) {
  if (rows.empty()) return;
  use_one_thread();
  const Gathered left(rows, inner);
  cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, as_int(inner), as_int(columns),
              as_int(rows.size()), 1, left.values(), left.stride(), right, as_int(columns), 1,
              target, as_int(columns));
}

}  // namespace vidclass::train
