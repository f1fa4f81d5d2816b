#include "pipeline/cross_validate.hpp"

#include <numeric>

#include "dataset/folds.hpp"
#include "evaluate/metrics.hpp"
#include "vidclass/error.hpp"

namespace vidclass::pipeline {

std::vector<TrainingData> make_folds(const dataset::Manifest& manifest,
                                     const DataFeatures& features,
                                     const std::vector<std::size_t>& places, int folds,
                                     std::uint64_t seed) {
  const SplitFeatures& train = features.of(dataset::Split::train);
  const SplitFeatures& validation = features.of(dataset::Split::validation);
  const std::vector<std::size_t> all_clips = clips_to_train_with(features);
  const train::LabelledFeatures all = joined(train.data, validation.data);

  std::vector<std::size_t> clips;
  for (const std::size_t place : places) clips.push_back(all_clips.at(place));
  const auto part_of = dataset::deal_folds(manifest, clips, folds, seed);
  std::vector<TrainingData> made;
  for (std::size_t part = 0; part < static_cast<std::size_t>(folds); ++part) {
    std::vector<std::size_t> inside, outside;
    for (std::size_t i = 0; i < part_of.size(); ++i) {
      (part_of[i] == part ? outside : inside).push_back(places[i]);
    }
    TrainingData data{train::subset(all, inside), train::subset(all, outside), {}};
    data.part = {std::move(inside), std::move(outside)};
    made.push_back(std::move(data));
  }
  return made;
}

std::vector<TrainingData> make_folds(const dataset::Manifest& manifest,
                                     const DataFeatures& features, int folds, std::uint64_t seed) {
  std::vector<std::size_t> places(clips_to_train_with(features).size());
  std::iota(places.begin(), places.end(), std::size_t{0});
  return make_folds(manifest, features, places, folds, seed);
}

void Scores::add(const train::TrainResult& result) {
  top1.push_back(result.val_top1);
  loss.push_back(result.val_loss);
  seconds += result.seconds;
}

Scores cross_validate(const std::vector<TrainingData>& parts, const DataFeatures& features,
                      std::size_t labels,
                      const std::function<train::TrainOptions(int part)>& options_of,
                      const std::function<train::TrainHooks(int part)>& hooks_of,
                      const std::function<void(const TrainingData&, train::TrainResult&)>& finish) {
  Scores scores;
  int part = 0;
  for (const TrainingData& data : parts) {
    ++part;
    train::TrainResult result = train_on(data, features, labels, options_of(part), hooks_of(part));
    if (result.stopped) throw Cancelled();
    if (finish) finish(data, result);
    scores.add(result);
  }
  return scores;
}

Json to_json(const Scores& scores) {
  const auto of_top1 = evaluate::mean_and_deviation(scores.top1);
  const auto of_loss = evaluate::mean_and_deviation(scores.loss);
  return {{"val_top1", scores.top1},
          {"val_top1_mean", of_top1.mean},
          {"val_top1_deviation", of_top1.deviation},
          {"val_loss", scores.loss},
          {"val_loss_mean", of_loss.mean},
          {"val_loss_deviation", of_loss.deviation}};
}

}  // namespace vidclass::pipeline
