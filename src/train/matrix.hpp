// The two matrix products that heads are trained with.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace vidclass::train {

/// Rows of a matrix, wherever each of them lies, so that the frames of clips need
/// not be gathered first.
using Rows = std::span<const float* const>;

/// target[i] = bias + rows[i] weights. Row-major: `weights` [inner, columns], `bias`
/// [columns] (null: zero), `target` [rows, columns].
void multiply(Rows rows, std::size_t inner, const float* weights, std::size_t columns,
              const float* bias, float* target);

/// The same for weights that many products share: laid out once, as the product reads them.
class PackedWeights {
public:
  /// Copies. `weights`: row-major [inner, columns].
  PackedWeights(const float* weights, std::size_t inner, std::size_t columns);

  [[nodiscard]] std::size_t columns() const noexcept { return columns_; }
  /// As above. Thread-safe.
  void multiply(Rows rows, const float* bias, float* target) const;

private:
  std::size_t inner_;
  std::size_t columns_;
  // Blocks of columns one after another, each [inner, columns of the block], zero beyond the last.
  std::vector<float> blocks_;
};

/// target += sum over i of rows[i]^T right[i]: `right` [rows, columns], `target`
/// [inner, columns].
void add_outer_products(Rows rows, std::size_t inner, const float* right, std::size_t columns,
                        float* target);

}  // namespace vidclass::train
