// What this machine could do at most, to hold a network's speed against.
#pragma once

#include <memory>

#include "backbone/backbone.hpp"

namespace vidclass::backbone {

/// The quickest of several matrix products in one precision (never `automatic`), run by the same
/// library on the same threads (0: all). One thread at a time.
class MatrixPeak {
public:
  enum class Search {
    /// Products of several sizes, on all threads together and side by side: a second and more.
    thorough,
    /// One that is among the quickest on most machines, within a tenth or so: a fraction of that.
    brief,
  };
  /// Throws Error.
  MatrixPeak(Precision precision, int threads, Search search = Search::thorough);
  ~MatrixPeak();
  MatrixPeak(MatrixPeak&&) noexcept;
  MatrixPeak& operator=(MatrixPeak&&) noexcept;
  MatrixPeak(const MatrixPeak&) = delete;
  MatrixPeak& operator=(const MatrixPeak&) = delete;

  /// Billions of operations (a product and a sum are two) a second, over about `seconds`. Throws
  /// Error.
  [[nodiscard]] double measure(double seconds);

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Operations of the convolutions for one frame, in billions.
[[nodiscard]] double operations_per_frame(const PreparedBackbone& prepared);

}  // namespace vidclass::backbone
