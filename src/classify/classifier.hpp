// From a clip to the probabilities of its labels.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/progress.hpp"
#include "features/extractor.hpp"
#include "model/model.hpp"
#include "vidclass/hooks.hpp"

namespace vidclass::classify {

struct ClassifierOptions {
  /// `automatic`: int8 for a model that was trained on int8's features.
  backbone::Precision precision = backbone::Precision::automatic;
  /// As in backbone::BackboneOptions.
  std::string device = "CPU";
  backbone::MakeEngine engine{};
  /// Where a model's network of a file is now; empty: where the model says.
  std::filesystem::path network{};
  int threads = 0;
  /// Sequences taken from each clip, whose probabilities are averaged (video::ClipSettings::clips).
  int clips = 1;
  video::Limits limits;
  std::filesystem::path cache_dir{};       // of features; empty: none
  std::filesystem::path compiled_cache{};  // of compiled networks; empty: none
  /// Of int8's calibrations, for models without their own; empty: none.
  std::filesystem::path calibration_dir{};
  /// Decodes clips.
  video::Sampler sampler = video::sample_clip;
  /// Also tell how the probabilities came about (ClipResult::so_far).
  bool follow = false;
};

struct ClipResult {
  std::filesystem::path path;
  /// [L], in the order of the model's labels; empty if the clip is unusable.
  std::vector<float> probabilities;
  /// What each stream says by itself; empty where the model has appearance alone.
  std::vector<float> appearance;
  std::vector<float> motion;
  /// How unlike the places that the model was trained in the clip's is, 0 to 1, and what motion
  /// therefore weighs in `probabilities`; 0 where the model has appearance alone.
  double novelty = 0;
  double motion_weight = 0;
  /// What the mean-pool head says that was trained beside the model's.
  std::vector<float> baseline;
  /// [T], when the frames were shown that were read, in seconds after the file's first one.
  std::vector<double> times;
  /// With ClassifierOptions::follow, and one sequence a clip: float32 [T, L], the
  /// probabilities after the first 1 to T frames; else empty.
  Tensor so_far;
  std::string error;  // why the clip is unusable, else empty
};

/// A model with its network. One thread at a time.
class Classifier {
public:
  /// Throws Error if the weights at hand are not those that the model was
  /// trained with.
  Classifier(model::Model model, const ClassifierOptions& options,
             const ProgressFunction& progress = {}, const CancellationToken& cancel = {});
  ~Classifier();
  Classifier(const Classifier&) = delete;
  Classifier& operator=(const Classifier&) = delete;

  [[nodiscard]] const model::Model& model() const noexcept;

  using Consumer = std::function<void(ClipResult result)>;
  /// Calls `consumer` once for each clip, in the order given, as soon as the result of the clip and
  /// those of all before it are known. Throws Cancelled, then after all results that are known.
  void classify_each(std::span<const video::ClipSource> clips, const Consumer& consumer,
                     const ProgressFunction& progress = {}, const CancellationToken& cancel = {});

  /// The same at once.
  [[nodiscard]] std::vector<ClipResult> classify(std::span<const video::ClipSource> clips,
                                                 const ProgressFunction& progress = {},
                                                 const CancellationToken& cancel = {});

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace vidclass::classify
