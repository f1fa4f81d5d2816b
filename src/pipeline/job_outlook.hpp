// How long a whole job will take, told before it begins.
#pragma once

#include <string>
#include <vector>

#include "pipeline/train.hpp"

namespace vidclass::pipeline {

/// A job whose clips are known, and nothing yet of what they show.
struct Job {
  /// With splits, as far as they can be made before scenes are looked for.
  const dataset::Manifest& manifest;
  std::vector<dataset::Split> splits;  // that are worked on
  /// With the motion stream if there is to be one.
  const features::ExtractOptions& features;
  const HeadRequest& head;
  int seeds = 1;  // trainings
  int folds = 0;  // of a cross-validation
  bool finds_near_duplicates = false;
  bool finds_scenes = true;  // or recordings
  bool compares = false;     // the Keras example's network is trained beside the head
  bool scores_places = false;
  bool writes_page = false;
};

struct JobPart {
  std::string what;
  double seconds = 0;
};

/// The parts of a job in turn, each with how long it will take here and now. Short samples of the
/// work tell: a few of the clips that lack are decoded and go through the network, which leaves
/// them in the cache, and heads take a few steps on made-up features. Takes some seconds. Nothing
/// of fewer than 1,000 frames, and where the network is not ready (int8 that is to be calibrated).
/// Throws Cancelled.
[[nodiscard]] std::vector<JobPart> job_outlook(const Job& job, const Hooks& hooks);

/// Tells by Hooks::info() what is to come and in which precision, if it takes a minute or more.
void tell_job(const Job& job, const Hooks& hooks);

}  // namespace vidclass::pipeline
