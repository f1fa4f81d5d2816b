// Running trained heads.
#pragma once

#include <memory>
#include <span>

#include "head/head.hpp"
#include "vidclass/tensor.hpp"

namespace vidclass::head {

/// An ensemble compiled for the CPU, float32. One thread at a time.
class HeadRunner {
public:
  /// `threads`: 0 means all. Throws Error if a head is not whole (see check()).
  explicit HeadRunner(const Ensemble& ensemble, int threads = 0);
  ~HeadRunner();
  HeadRunner(HeadRunner&&) noexcept;
  HeadRunner& operator=(HeadRunner&&) noexcept;
  HeadRunner(const HeadRunner&) = delete;
  HeadRunner& operator=(const HeadRunner&) = delete;

  /// One float32 [T_i, P (D + M)] tensor a clip, T_i >= 1 and free to differ, to float32
  /// probabilities [clips, L]. A clip's result does not depend on the others.
  [[nodiscard]] Tensor probabilities(std::span<const Tensor> clips);
  /// For one clip: [L].
  [[nodiscard]] Tensor probabilities(const Tensor& clip);

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace vidclass::head
