// The matrix products that heads are trained with.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace vidclass::train {

/// Rows of a matrix, wherever each of them lies, so that the frames of clips need
/// not be gathered first.
using Rows = std::span<const float* const>;

/// Those of a matrix whose rows lie one after another.
[[nodiscard]] std::vector<const float*> rows_of(std::span<const float> values, std::size_t width);

// By OpenBLAS, which the first product sets to one thread in the whole process: what is trained or
// found side by side has a thread of its own. Thread-safe; the same bits in every run on one
// machine.

/// target[i] = bias + rows[i] weights. Row-major: `weights` [inner, columns], `bias`
/// [columns] (null: zero), `target` [rows, columns].
void multiply(Rows rows, std::size_t inner, const float* weights, std::size_t columns,
              const float* bias, float* target);

/// target[i] = rows[i] weights^T: `weights` [columns, inner], `target` [rows, columns].
void multiply_transposed(Rows rows, std::size_t inner, const float* weights, std::size_t columns,
                         float* target);

/// target += sum over i of rows[i]^T right[i]: `right` [rows, columns], `target`
/// [inner, columns].
void add_outer_products(Rows rows, std::size_t inner, const float* right, std::size_t columns,
                        float* target);

}  // namespace vidclass::train
