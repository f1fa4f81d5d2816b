// Training the motion stream, and weighing it against appearance.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "model/motion_stream.hpp"
#include "pipeline/gather.hpp"
#include "pipeline/train_heads.hpp"
#include "vidclass/hooks.hpp"
#include "vidclass/tensor.hpp"

namespace vidclass::pipeline {

/// The motion stream of one data set. Makes codebooks and a Fisher vector of each clip to train and
/// validate with, and of its mirror image, at once. One thread at a time.
class MotionTraining {
public:
  /// `features` has cuboids, and must outlive it. `threads`: at most; 0: as many as CPUs; speed
  /// only. Throws Cancelled.
  MotionTraining(const DataFeatures& features, std::size_t labels, std::uint64_t seed, int threads,
                 const Hooks& hooks);
  ~MotionTraining();
  MotionTraining(MotionTraining&&) noexcept;

  /// Trains on each part's inside and classifies its outside, with the strength of
  /// train::RegressionOptions that fits what was left out best, and on mirror images as well where
  /// that fits it better (not where left and right tell labels apart). Float32 [N, L]: the
  /// first part's outside, then the next one's. Throws Cancelled.
  [[nodiscard]] Tensor leave_out(const std::vector<LeftOutPart>& parts,
                                 const CancellationToken& cancel = {});
  /// The same of one part's outside, at strength(): float32 [outside, L].
  [[nodiscard]] Tensor answers_outside(const LeftOutPart& part) const;
  /// That of the last leave_out().
  [[nodiscard]] double strength() const noexcept;

  /// The validation clips outside, the training clips inside.
  [[nodiscard]] LeftOutPart validation_part() const;
  /// On training clips, with `refit` on the validation clips as well. Its weights are not set.
  [[nodiscard]] model::MotionStream fit(bool refit) const;

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace vidclass::pipeline
