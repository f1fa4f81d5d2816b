#include "cli/cross_validation.hpp"

#include "core/format.hpp"
#include "dataset/folds.hpp"
#include "evaluate/metrics.hpp"

namespace vidclass::cli {
std::vector<TrainingData> make_folds(const dataset::Manifest& manifest,
                                     const DataFeatures& features, int folds, std::uint64_t seed) {
  const SplitFeatures& train = features.of(dataset::Split::train);
  const SplitFeatures& validation = features.of(dataset::Split::validation);
  std::vector<std::size_t> clips = train.clips;
  clips.insert(clips.end(), validation.clips.begin(), validation.clips.end());
  const train::LabelledFeatures all = joined(train.data, validation.data);

  const auto part_of = dataset::deal_folds(manifest, clips, folds, seed);
  std::vector<TrainingData> made;
  for (std::size_t part = 0; part < static_cast<std::size_t>(folds); ++part) {
    std::vector<std::size_t> inside, outside;
    for (std::size_t i = 0; i < part_of.size(); ++i) {
      (part_of[i] == part ? outside : inside).push_back(i);
    }
    TrainingData data{train::subset(all, inside), train::subset(all, outside)};
    for (const std::size_t i : outside) data.left_out.push_back(clips[i]);
    made.push_back(std::move(data));
  }
  return made;
}

void Spread::add(const train::TrainResult& result) {
  top1.push_back(result.val_top1);
  loss.push_back(result.val_loss);
}

Json Spread::json() const {
  const auto of_top1 = evaluate::mean_and_deviation(top1),
             of_loss = evaluate::mean_and_deviation(loss);
  return {{"val_top1", top1},
          {"val_top1_mean", of_top1.mean},
          {"val_top1_deviation", of_top1.deviation},
          {"val_loss", loss},
          {"val_loss_mean", of_loss.mean},
          {"val_loss_deviation", of_loss.deviation}};
}

std::string Spread::text() const {
  const auto of_top1 = evaluate::mean_and_deviation(top1),
             of_loss = evaluate::mean_and_deviation(loss);
  return format("validation top-1 {:.1f} % ± {:.1f}, loss {:.3f} ± {:.3f}", of_top1.mean * 100,
                of_top1.deviation * 100, of_loss.mean, of_loss.deviation);
}

}  // namespace vidclass::cli
