// Which frames and which places made a model choose a label.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "classify/classifier.hpp"
#include "classify/motion_explanation.hpp"
#include "video/sample.hpp"

namespace vidclass::classify {

/// Attributions to frames and places are shares of one number: the log odds ln(p / (1 - p)) of the
/// explained label by appearance, less what they are for a clip whose every frame is the mean of
/// this clip's frames, in which nothing happens. Positive ones speak for the label, negative ones
/// against it.
struct Explanation {
  std::size_t label = 0;
  std::vector<float> probabilities;         // [L], of the model
  std::vector<float> appearance;            // [L], of its heads alone
  std::optional<MotionExplanation> motion;  // of its motion stream, at the same `times`
  std::vector<double> times;                // [T], seconds after the file's first frame
  std::vector<double> frames;               // [T], what each frame adds
  /// float32 [T, g, g]: what each place of `window` adds in each frame; those of a frame sum to
  /// about what the frame adds.
  Tensor places;
  /// The part of the picture that the network saw.
  video::Window window;
  double log_odds = 0;
  double log_odds_of_mean = 0;  // of the clip in which nothing happens
  /// Tensor [T, size, size, 3], uint8: the frames as the network saw them.
  Tensor pictures;
};

struct ExplainOptions {
  ClassifierOptions classifier;
  /// Points on the way from the mean clip to this one; more are more exact and slower.
  int steps = 8;
};

/// A model with its network and last map. One thread at a time.
class Explainer {
public:
  /// Throws as Classifier does.
  Explainer(model::Model model, const ExplainOptions& options,
            const ProgressFunction& progress = {}, const CancellationToken& cancel = {});
  ~Explainer();
  Explainer(const Explainer&) = delete;
  Explainer& operator=(const Explainer&) = delete;

  [[nodiscard]] const model::Model& model() const noexcept;

  /// Integrated gradients (Sundararajan, Taly and Yan, "Axiomatic Attribution for Deep
  /// Networks", 2017) of the head along the way from the clip's mean features to its own,
  /// frame by frame and place by place, as central differences of the head itself. What a
  /// place adds is what its vector of the network's last map adds through the pooling, so
  /// that the places are a class activation map of each frame. `label`: an index; empty: the
  /// most probable one. Throws ClipError, UsageError for an index out of range, Cancelled.
  [[nodiscard]] Explanation explain(const video::ClipSource& clip,
                                    std::optional<std::size_t> label = std::nullopt,
                                    const ProgressFunction& progress = {},
                                    const CancellationToken& cancel = {});

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace vidclass::classify
