// The motion stream beside a data set's heads: trained, weighed, and joined with their answers.
#pragma once

#include <cstdint>
#include <optional>

#include "model/motion_stream.hpp"
#include "model/training_record.hpp"
#include "pipeline/choose_ensemble.hpp"
#include "pipeline/motion_training.hpp"
#include "train/train.hpp"
#include "vidclass/hooks.hpp"

namespace vidclass::pipeline {

/// One thread at a time.
class JoinedStreams {
public:
  /// Makes ready what trainings of the motion stream share, and weighs the streams by the clips of
  /// `left_out`, if there are any. `features` has cuboids, and must outlive it. Throws Cancelled.
  JoinedStreams(const dataset::Manifest& manifest, const DataFeatures& features,
                const LeftOutAnswers& left_out, std::uint64_t seed, int threads,
                const Hooks& hooks);

  /// Makes the validation scores of `result` those of both streams. Where no clips were left out,
  /// these clips weigh them.
  model::StreamsRecord join(train::TrainResult& result);
  /// The same for a part left out; where no clips were left out to weigh by, both count alike.
  void join(const TrainingData& data, train::TrainResult& result);
  /// What both streams say of a part left out, float32 [outside, L]; likewise.
  [[nodiscard]] Tensor answers(const TrainingData& data, const train::TrainResult& result) const;

  /// Trained on training clips, with `refit` on the validation clips as well.
  [[nodiscard]] model::MotionStream fit(bool refit) const;

private:
  void weigh(const train::HeldOutStreams& held_out, const std::vector<LeftOutPart>& parts);
  [[nodiscard]] Tensor looks_of(const std::vector<std::size_t>& clips) const;
  [[nodiscard]] std::vector<double> distances(const LeftOutPart& part) const;
  [[nodiscard]] std::vector<double> novelty(const LeftOutPart& part) const;

  const DataFeatures& features_;
  std::vector<std::size_t> groups_;  // of clips_to_train_with(); empty: not known
  MotionTraining motion_;
  train::StreamWeights weights_;
  std::vector<double> left_out_distances_;      // from the clips trained on without them
  std::optional<model::StreamsRecord> record_;  // how they were weighed, if they were
};

/// How unlike the places that the stream's model was trained in each clip's is, 0 to 1.
[[nodiscard]] std::vector<double> novelty_of(const model::MotionStream& stream,
                                             const FeatureSource& clips, int threads);

/// What a motion stream says of clips, float32 [N, L].
[[nodiscard]] Tensor motion_probabilities(const model::MotionStream& stream,
                                          const features::MotionSource& clips, int threads);

}  // namespace vidclass::pipeline
