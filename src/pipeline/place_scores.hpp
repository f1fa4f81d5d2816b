// What a score is worth elsewhere: right answers in places that were trained in, and in others.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/json.hpp"
#include "evaluate/bootstrap.hpp"
#include "pipeline/joined_streams.hpp"
#include "pipeline/page.hpp"
#include "pipeline/train_heads.hpp"
#include "vidclass/hooks.hpp"

namespace vidclass::pipeline {

struct PlaceScore {
  double top1 = 0;
  evaluate::Interval interval;  // of top1, drawn over places; 95 %
  std::size_t clips = 0;
  std::size_t places = 0;  // that the clips are of
  /// Of how many folds of the clips to train and validate with; 0: of test clips.
  int folds = 0;
};

struct PlaceScores {
  /// Of clips from places that were trained in.
  std::optional<PlaceScore> known;
  /// Of clips from places that were not.
  std::optional<PlaceScore> other;
  /// Which of the two the test clips are like: the share of them that is from places of the
  /// training and validation clips.
  double test_share_known = 0;
  /// Why one is missing, and what would help; else empty.
  std::string missing{};
};

/// What the folds that fill a gap are trained with.
struct PlaceFolds {
  train::TrainOptions options;       // of the training whose answers are judged
  JoinedStreams* streams = nullptr;  // of both streams; null: appearance alone
};

/// Scores the answers on test clips by whether their place was trained in. What the test clips do
/// not tell, or fewer than 15 of them, three folds do: of the training and validation clips, with
/// whole places for other ones, without regard to places for known ones; half of the members are
/// trained for half of the epochs, so that these scores are a little low. Without `folds` a gap
/// stays. `places`: a name for each clip of the manifest, empty where it is not known. Throws
/// Cancelled.
[[nodiscard]] PlaceScores score_by_place(const dataset::Manifest& manifest,
                                         const DataFeatures& features, const Answers& answers,
                                         const std::vector<std::string>& places, std::uint64_t seed,
                                         const std::optional<PlaceFolds>& folds,
                                         const Hooks& hooks);

/// {"known": {top1, interval, clips, places, folds} or null, "new": the same, "test_share_known",
/// "missing"}
[[nodiscard]] Json to_json(const PlaceScores& places);

}  // namespace vidclass::pipeline
