// From clips to the probabilities of their labels.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "vidclass/clip.hpp"
#include "vidclass/export.hpp"
#include "vidclass/hooks.hpp"
#include "vidclass/options.hpp"

namespace vidclass {

struct ClassifierOptions {
  /// `automatic`: int8 for a model that was trained on int8's features.
  Precision precision = Precision::automatic;
  /// As FeatureOptions::device.
  std::string device = "CPU";
  /// Where a model's network of a file is now; empty: where the model says.
  std::filesystem::path network{};
  /// Sequences taken from each clip, whose probabilities are averaged.
  int sequences = 1;
  /// Decode each clip in a process of its own that can do nothing else: for clips that nobody
  /// vouches for. The same frames come of it. Needs the program vidclass_decoder beside the
  /// library, or where the environment variable VIDCLASS_DECODER says.
  bool sandbox = false;
  /// A cache pays only for clips that come again, so none is used unless `cache` names it.
  MachineOptions machine{};
};

struct LabelProbability {
  std::string label;
  float probability = 0;
};

/// What a model says of one clip.
struct Prediction {
  std::vector<std::string> labels;   // [L], those of the model
  std::vector<float> probabilities;  // [L], in their order; empty if the clip is unusable
  /// The same of each of the model's streams by itself; empty where it has appearance alone.
  std::vector<float> appearance{};
  std::vector<float> motion{};
  /// How unlike the places that the model was trained in the clip's is, from 0 (like those, or as
  /// unlike as these are among each other) to 1 (unlike all), and what motion therefore weighs in
  /// `probabilities`; 0 where the model has appearance alone.
  double novelty = 0;
  double motion_weight = 0;
  /// When the frames were shown that were read, in seconds after the file's first one.
  std::vector<double> times;
  std::string error;  // why the clip is unusable, else empty

  /// The `count` most probable labels, best first; equal ones in the order of `labels`.
  [[nodiscard]] VIDCLASS_EXPORT std::vector<LabelProbability> top(std::size_t count) const;
};

/// A model file with its network. Owns both; one thread at a time, but several classifiers may work
/// at once.
class VIDCLASS_EXPORT Classifier {
public:
  /// Reads the model and finds the network's weights. Throws UsageError if there is no such file,
  /// Error naming what is wrong with it, or if the weights at hand are not those that the model
  /// was trained with.
  explicit Classifier(const std::filesystem::path& model, const ClassifierOptions& options = {},
                      const Hooks& hooks = {});
  ~Classifier();
  Classifier(Classifier&&) noexcept;
  Classifier& operator=(Classifier&&) noexcept;
  Classifier(const Classifier&) = delete;
  Classifier& operator=(const Classifier&) = delete;

  [[nodiscard]] const std::vector<std::string>& labels() const noexcept;

  /// Throws ClipError with the reason if the clip cannot be used.
  [[nodiscard]] Prediction classify(const ClipSource& clip);
  /// One prediction a clip, in the order given; several are decoded at once. Unusable clips have an
  /// error. Throws Cancelled.
  [[nodiscard]] std::vector<Prediction> classify(std::span<const ClipSource> clips,
                                                 const Hooks& hooks = {});

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace vidclass
