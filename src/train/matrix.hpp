// The two matrix products that heads are trained with.
#pragma once

#include <cstddef>
#include <span>

namespace vidclass::train {

/// Rows of a matrix, wherever each of them lies, so that the frames of clips need
/// not be gathered first.
using Rows = std::span<const float* const>;

/// target[i] = bias + rows[i] weights. Row-major: `weights` [inner, columns], `bias`
/// [columns] (null: zero), `target` [rows, columns].
void multiply(Rows rows, std::size_t inner, const float* weights, std::size_t columns,
              const float* bias, float* target);

/// target += sum over i of rows[i]^T right[i]: `right` [rows, columns], `target`
/// [inner, columns].
void add_outer_products(Rows rows, std::size_t inner, const float* right, std::size_t columns,
                        float* target);

}  // namespace vidclass::train
