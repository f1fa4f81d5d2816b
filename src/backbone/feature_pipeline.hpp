// The frames of many clips through one network.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>

#include "backbone/backbone.hpp"
#include "vidclass/tensor.hpp"

namespace vidclass::backbone {

/// Fills batches with frames of one clip after another, so that no place of a batch is
/// wasted between clips, and runs several batches at a time. A frame that equals the
/// one before it is computed once. One thread at a time; one pipeline a network at a
/// time; `network` must outlive it.
class FeaturePipeline {
public:
  explicit FeaturePipeline(Backbone& network);
  /// Waits for the batches that run; results that were not taken are lost.
  ~FeaturePipeline();
  FeaturePipeline(const FeaturePipeline&) = delete;
  FeaturePipeline& operator=(const FeaturePipeline&) = delete;

  /// uint8 frames [N, size, size, 3], and float32 motion maps [N, g, g] where the
  /// second pooling is wanted (see Backbone). Copies them; waits while all batches are
  /// under way. `id` comes back with the features. Throws Error on other shapes.
  void push(std::size_t id, const Tensor& frames, const Tensor& motion = {});

  struct Done {
    std::size_t id = 0;
    PooledFeatures features;
  };
  /// A clip whose features are complete; empty if there is none yet.
  [[nodiscard]] std::optional<Done> pop();
  /// The same, but starts the batch that is being filled, and waits. Empty once every
  /// clip was taken.
  [[nodiscard]] std::optional<Done> wait();

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace vidclass::backbone
