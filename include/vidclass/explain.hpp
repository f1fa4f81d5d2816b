// Which frames and which places made a model choose a label.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "vidclass/classifier.hpp"
#include "vidclass/clip.hpp"
#include "vidclass/export.hpp"
#include "vidclass/hooks.hpp"
#include "vidclass/tensor.hpp"

namespace vidclass {

struct ExplainOptions {
  ClassifierOptions classifier{};
  /// Points on the way from a clip in which nothing happens to this one; more are more exact and
  /// slower. 1 or more.
  int steps = 8;
};

/// What a model's motion stream adds: shares of the label's score against that of the others.
struct MotionExplanation {
  std::vector<float> probabilities{};  // [L], of the stream alone
  double weight = 0;                   // of the stream in the model's answer
  double score = 0;                    // the sum of all shares
  std::vector<double> moments{};       // [T], what moves nearest to each of Explanation::times adds
  Tensor places{};                     // float32 [T, g, g], what each place of the picture adds
};

/// What each frame and place adds to the log odds ln(p / (1 - p)) of a label by appearance, against
/// a clip whose every frame is the mean of this clip's frames, in which nothing happens. Positive
/// shares speak for the label, negative ones against it.
struct Explanation {
  std::string label;                   // the one that is explained
  std::vector<std::string> labels{};   // [L], those of the model
  std::vector<float> probabilities{};  // [L]
  std::vector<double> times{};         // [T], seconds after the file's first frame
  std::vector<double> frames{};        // [T], what each frame adds
  Tensor places{};                     // float32 [T, g, g], what each place of the window adds
  Tensor pictures{};                   // uint8 [T, size, size, 3], RGB, what the network saw
  double left = 0, top = 0, width = 1, height = 1;  // of the window, shares of the picture
  double log_odds = 0;
  double log_odds_of_mean = 0;  // of the clip in which nothing happens
  std::optional<MotionExplanation> motion{};
};

/// A model file with its network. One thread at a time.
class VIDCLASS_EXPORT Explainer {
public:
  /// Throws as Classifier does, and UsageError for a model of feature arrays.
  explicit Explainer(const std::filesystem::path& model, const ExplainOptions& options = {},
                     const Hooks& hooks = {});
  ~Explainer();
  Explainer(Explainer&&) noexcept;
  Explainer& operator=(Explainer&&) noexcept;
  Explainer(const Explainer&) = delete;
  Explainer& operator=(const Explainer&) = delete;

  /// By integrated gradients (Sundararajan, Taly and Yan 2017). `label`: one of the model's; empty:
  /// the most probable one. Throws ClipError if the clip cannot be used, UsageError for an unknown
  /// label, Cancelled.
  [[nodiscard]] Explanation explain(const ClipSource& clip, const std::string& label = {},
                                    const Hooks& hooks = {});

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace vidclass
