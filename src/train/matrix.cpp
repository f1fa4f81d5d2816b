#include "train/matrix.hpp"

#include <algorithm>
#include <cstring>
#include <vector>

#include "core/cpu_clones.hpp"

namespace vidclass::train {
namespace {

// Products with few columns (3 gates times 16 units, some labels) and a long inner
// side (2048 features). A tile of some rows and all of a stretch of columns stays in registers: 8
// or 12 vectors of the 16 that AVX2 has. With more, or with vectors that GCC must split, its sums
// go through memory, which takes up to ten times as long; AVX-512 loses little.
constexpr std::size_t lanes = 8;
constexpr int widest = 3;  // vectors across a tile

constexpr int tile_rows(int vectors) { return vectors == widest ? 4 : 8; }
using Vector = float __attribute__((vector_size(lanes * sizeof(float)), aligned(4)));

VIDCLASS_INLINE void load(const float* from, Vector& vector) {
  std::memcpy(&vector, from, sizeof vector);
}
VIDCLASS_INLINE void store(const Vector& vector, float* to) {
  std::memcpy(to, &vector, sizeof vector);
}

/// `weights`: a block of so many vectors of columns, row after row.
template <int row_count, int vectors>
VIDCLASS_INLINE void multiply_tile(const float* const* rows, std::size_t inner,
                                   const float* weights, const float* bias, float* target,
                                   std::size_t stride) {
  Vector sum[row_count][vectors];
  for (int r = 0; r < row_count; ++r) {
    for (int v = 0; v < vectors; ++v) load(bias + v * lanes, sum[r][v]);
  }
  for (std::size_t k = 0; k < inner; ++k) {
    Vector weight[vectors];
    for (int v = 0; v < vectors; ++v) load(weights + (k * vectors + v) * lanes, weight[v]);
    for (int r = 0; r < row_count; ++r) {
      for (int v = 0; v < vectors; ++v) sum[r][v] += rows[r][k] * weight[v];
    }
  }
  for (int r = 0; r < row_count; ++r) {
    for (int v = 0; v < vectors; ++v) store(sum[r][v], target + r * stride + v * lanes);
  }
}

/// Of `row_count` (here: inner) rows of the target.
template <int row_count, int vectors>
VIDCLASS_INLINE void add_outer_tile(Rows rows, std::size_t first, const float* right,
                                    std::size_t stride, float* target) {
  Vector sum[row_count][vectors];
  for (int r = 0; r < row_count; ++r) {
    for (int v = 0; v < vectors; ++v) load(target + r * stride + v * lanes, sum[r][v]);
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    Vector factor[vectors];
    for (int v = 0; v < vectors; ++v) load(right + i * stride + v * lanes, factor[v]);
    const float* row = rows[i] + first;
    for (int r = 0; r < row_count; ++r) {
      for (int v = 0; v < vectors; ++v) sum[r][v] += row[r] * factor[v];
    }
  }
  for (int r = 0; r < row_count; ++r) {
    for (int v = 0; v < vectors; ++v) store(sum[r][v], target + r * stride + v * lanes);
  }
}

template <int vectors>
VIDCLASS_INLINE void multiply_columns(Rows rows, std::size_t inner, const float* weights,
                                      const float* bias, float* target, std::size_t stride) {
  constexpr int at_once = tile_rows(vectors);
  std::size_t i = 0;
  for (; i + at_once <= rows.size(); i += at_once) {
    multiply_tile<at_once, vectors>(rows.data() + i, inner, weights, bias, target + i * stride,
                                    stride);
  }
  for (; i < rows.size(); ++i) {
    multiply_tile<1, vectors>(rows.data() + i, inner, weights, bias, target + i * stride, stride);
  }
}

template <int vectors>
VIDCLASS_INLINE void add_outer_columns(Rows rows, std::size_t inner, const float* right,
                                       std::size_t stride, float* target) {
  // So few rows at once that one cache line of each stays near, for the next tile.
  constexpr std::size_t rows_at_once = 32;
  constexpr int tile = tile_rows(vectors);
  for (std::size_t first = 0; first < rows.size(); first += rows_at_once) {
    const Rows some = rows.subspan(first, std::min(rows_at_once, rows.size() - first));
    const float* factors = right + first * stride;
    std::size_t k = 0;
    for (; k + tile <= inner; k += tile) {
      add_outer_tile<tile, vectors>(some, k, factors, stride, target + k * stride);
    }
    for (; k < inner; ++k) {
      add_outer_tile<1, vectors>(some, k, factors, stride, target + k * stride);
    }
  }
}

/// `blocks`: as PackedWeights has them. `stride`: padded(columns).
VIDCLASS_FOR_EACH_CPU
void multiply_blocks(Rows rows, std::size_t inner, const float* blocks, const float* bias,
                     float* target, std::size_t stride) {
  std::size_t c = 0;
  for (; c + widest * lanes <= stride; c += widest * lanes) {
    multiply_columns<widest>(rows, inner, blocks + c * inner, bias + c, target + c, stride);
  }
  for (; c < stride; c += lanes) {
    multiply_columns<1>(rows, inner, blocks + c * inner, bias + c, target + c, stride);
  }
}

VIDCLASS_FOR_EACH_CPU
void add_outer_padded(Rows rows, std::size_t inner, const float* right, std::size_t stride,
                      float* target) {
  std::size_t c = 0;
  for (; c + widest * lanes <= stride; c += widest * lanes) {
    add_outer_columns<widest>(rows, inner, right + c, stride, target + c);
  }
  for (; c < stride; c += lanes) {
    add_outer_columns<1>(rows, inner, right + c, stride, target + c);
  }
}

std::size_t padded(std::size_t columns) { return (columns + lanes - 1) / lanes * lanes; }

/// [rows, from] to [rows, to] columns, zero where there was none.
std::vector<float> restrided(const float* values, std::size_t rows, std::size_t from,
                             std::size_t to) {
  std::vector<float> result(rows * to, 0.0F);
  for (std::size_t i = 0; i < rows; ++i) {
    std::copy_n(values + i * from, std::min(from, to), result.data() + i * to);
  }
  return result;
}

}  // namespace

PackedWeights::PackedWeights(const float* weights, std::size_t inner, std::size_t columns)
    : inner_(inner), columns_(columns), blocks_(inner * padded(columns), 0.0F) {
  const std::size_t stride = padded(columns);
  for (std::size_t first = 0; first < stride;) {
    const std::size_t width = first + widest * lanes <= stride ? widest * lanes : lanes;
    const std::size_t there = std::min(width, columns - first);
    float* block = blocks_.data() + first * inner;
    for (std::size_t k = 0; k < inner; ++k) {
      std::copy_n(weights + k * columns + first, there, block + k * width);
    }
    first += width;
  }
}

void PackedWeights::multiply(Rows rows, const float* bias, float* target) const {
  const std::size_t stride = padded(columns_);
  const auto full_bias =
      bias == nullptr ? std::vector<float>(stride) : restrided(bias, 1, columns_, stride);
  if (stride == columns_) {
    multiply_blocks(rows, inner_, blocks_.data(), full_bias.data(), target, stride);
    return;
  }
  std::vector<float> full_target(rows.size() * stride);
  multiply_blocks(rows, inner_, blocks_.data(), full_bias.data(), full_target.data(), stride);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::copy_n(full_target.data() + i * stride, columns_, target + i * columns_);
  }
}

void multiply(Rows rows, std::size_t inner, const float* weights, std::size_t columns,
              const float* bias, float* target) {
  PackedWeights(weights, inner, columns).multiply(rows, bias, target);
}

void add_outer_products(Rows rows, std::size_t inner, const float* right, std::size_t columns,
                        float* target) {
  const std::size_t stride = padded(columns);
  if (stride == columns) {
    add_outer_padded(rows, inner, right, stride, target);
    return;
  }
  const auto full_right = restrided(right, rows.size(), columns, stride);
  auto full_target = restrided(target, inner, columns, stride);
  add_outer_padded(rows, inner, full_right.data(), stride, full_target.data());
  for (std::size_t k = 0; k < inner; ++k) {
    std::copy_n(full_target.data() + k * stride, columns, target + k * columns);
  }
}

}  // namespace vidclass::train
