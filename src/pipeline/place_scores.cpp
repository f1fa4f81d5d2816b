#include "pipeline/place_scores.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "evaluate/evaluation.hpp"
#include "pipeline/cross_validate.hpp"
#include "vidclass/error.hpp"

namespace vidclass::pipeline {
namespace {

using dataset::Split;

constexpr int place_folds = 3;
/// Fewer clips, or clips of fewer places, tell nothing; of test clips folds tell more than so few.
constexpr std::size_t least_clips = 6;
constexpr std::size_t least_test_clips = 15;
constexpr std::size_t least_places = 2;

/// Answers that are gathered clip by clip.
class Judged {
public:
  explicit Judged(std::size_t labels) : labels_(labels) {}

  /// Row `row` of float32 [N, L].
  void add(const Tensor& probabilities, std::size_t row, std::size_t truth, std::string place) {
    const auto values = probabilities.data<float>().subspan(row * labels_, labels_);
    values_.insert(values_.end(), values.begin(), values.end());
    truth_.push_back(truth);
    places_.push_back(std::move(place));
  }

  [[nodiscard]] std::optional<PlaceScore> score(int folds) const {
    const std::size_t places = std::set(places_.begin(), places_.end()).size();
    const std::size_t least = folds > 0 ? least_clips : least_test_clips;
    if (truth_.size() < least || places < least_places) return std::nullopt;
    const Tensor probabilities = Tensor::from<float>({truth_.size(), labels_}, values_);
    return PlaceScore{.top1 = evaluate::compute_metrics(probabilities, truth_).top1,
                      .interval = evaluate::bootstrap(probabilities, truth_, places_).top1,
                      .clips = truth_.size(),
                      .places = places,
                      .folds = folds};
  }

private:
  std::size_t labels_;
  std::vector<float> values_;
  std::vector<std::size_t> truth_;
  std::vector<std::string> places_;
};

train::TrainOptions for_folds(train::TrainOptions options, std::size_t clips) {
  const train::Recipe recipe = train::chosen_recipe(options, clips);
  options.epochs = std::max(1, recipe.epochs / 2);
  options.members = std::max(1, recipe.members / 2);
  options.checkpoints = {};
  return options;
}

class Folds {
public:
  Folds(const dataset::Manifest& manifest, const DataFeatures& features, std::uint64_t seed,
        const PlaceFolds& how, const Hooks& hooks)
      : manifest_(manifest),
        features_(features),
        seed_(seed),
        how_(how),
        hooks_(hooks.named(" by place")),
        clips_(clips_to_train_with(features)) {}

  /// With the groups of `dealt` whole.
  [[nodiscard]] std::optional<PlaceScore> score(const dataset::Manifest& dealt) const {
    Judged judged(manifest_.labels.size());
    const train::TrainOptions options = for_folds(how_.options, clips_.size());
    for (const TrainingData& part : make_folds(dealt, features_, place_folds, seed_)) {
      const train::TrainResult result =
          train_on(part, features_, manifest_.labels.size(), options,
                   {.progress = hooks_.progress, .cancel = hooks_.cancel});
      if (result.stopped) throw Cancelled();
      const Tensor answers = how_.streams != nullptr ? how_.streams->answers(part, result)
                                                     : train::average_probabilities(result);
      for (std::size_t row = 0; row < part.part.outside.size(); ++row) {
        judged.add(answers, row, part.validation.labels[row], place_of(part.part.outside[row]));
      }
    }
    return judged.score(place_folds);
  }

  /// Are there places to leave out, and enough to train on without the largest?
  [[nodiscard]] bool can_leave_places_out() const {
    constexpr double most_in_one = 0.6;
    std::map<std::string, std::size_t> clips;
    for (std::size_t at = 0; at < clips_.size(); ++at) ++clips[place_of(at)];
    return clips.size() >= place_folds &&
           std::all_of(clips.begin(), clips.end(), [&](const auto& place) {
             return static_cast<double>(place.second) <=
                    most_in_one * static_cast<double>(clips_.size());
           });
  }

private:
  [[nodiscard]] const std::string& place_of(std::size_t at) const {
    return manifest_.clips[clips_[at]].group;
  }

  const dataset::Manifest& manifest_;
  const DataFeatures& features_;
  std::uint64_t seed_;
  const PlaceFolds& how_;
  Hooks hooks_;
  std::vector<std::size_t> clips_;
};

/// With these in the stead of its groups.
dataset::Manifest with_places(dataset::Manifest manifest, const std::vector<std::string>& places) {
  for (std::size_t i = 0; i < places.size(); ++i) manifest.clips[i].group = places[i];
  return manifest;
}

Json score_json(const std::optional<PlaceScore>& score) {
  if (!score) return nullptr;
  return {{"top1", score->top1},
          {"interval", {score->interval.low, score->interval.high}},
          {"clips", score->clips},
          {"places", score->places},
          {"folds", score->folds}};
}

}  // namespace

PlaceScores score_by_place(const dataset::Manifest& manifest, const DataFeatures& features,
                           const Answers& answers, const std::vector<std::string>& places,
                           std::uint64_t seed, const std::optional<PlaceFolds>& folds,
                           const Hooks& hooks) {
  PlaceScores scores;
  std::set<std::string> trained;
  for (const std::size_t clip : clips_to_train_with(features)) trained.insert(places[clip]);
  const std::vector<std::size_t>& tested = features.of(Split::test).clips;
  const bool all_known =
      !trained.contains("") && std::none_of(tested.begin(), tested.end(),
                                            [&](std::size_t clip) { return places[clip].empty(); });
  if (!all_known) {
    scores.missing =
        "where the clips were filmed is not known (their groups), so nobody can know how much the "
        "score says of another place";
    return scores;
  }
  Judged known(answers.labels.size()), other(answers.labels.size());
  std::size_t in_known = 0;
  for (std::size_t i = 0; i < tested.size(); ++i) {
    const std::string& place = places[tested[i]];
    const bool is_known = trained.contains(place);
    in_known += is_known ? 1 : 0;
    (is_known ? known : other).add(answers.probabilities, i, answers.truth[i], place);
  }
  scores.test_share_known = static_cast<double>(in_known) / static_cast<double>(tested.size());
  scores.known = known.score(0);
  scores.other = other.score(0);
  if (folds && !(scores.known && scores.other)) {
    const dataset::Manifest by_place = with_places(manifest, places);
    const Folds of(by_place, features, seed, *folds, hooks);
    if (!scores.other && of.can_leave_places_out()) scores.other = of.score(by_place);
    if (!scores.known) {
      scores.known = of.score(with_places(manifest, std::vector<std::string>(places.size())));
    }
  }
  if (!scores.other) {
    scores.missing =
        "the clips are from too few places to know how the model does in another: film every class "
        "in some more, and name the places (column group)";
  }
  return scores;
}

Json to_json(const PlaceScores& places) {
  return {{"known", score_json(places.known)},
          {"new", score_json(places.other)},
          {"test_share_known", places.test_share_known},
          {"missing", places.missing}};
}

}  // namespace vidclass::pipeline
