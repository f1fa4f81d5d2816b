#include "pipeline/make_model.hpp"

#include "backbone/calibration.hpp"

namespace vidclass::pipeline {

model::Model make_model(const dataset::Manifest& manifest, const DataFeatures& features,
                        train::TrainResult heads, head::Head baseline, ModelFacts facts) {
  const backbone::BackboneInfo& network = features.settings.backbone;
  model::Model model;
  model.labels = manifest.labels;
  model.clip = features.settings.clip;
  model.backbone = network.name;
  model.network = network.file;
  model.fingerprint = network.fingerprint;
  model.precision = network.precision;
  if (network.calibration) model.calibration = network.calibration->ranges;
  model.baseline = std::move(baseline);
  model.seen = std::move(facts.seen);
  model::TrainingRecord record{.seed = facts.seed,
                               .split = {.seed = facts.split.seed,
                                         .validation = facts.split.validation,
                                         .test = facts.split.test},
                               .train_clips = features.of(dataset::Split::train).clips.size(),
                               .val_clips = features.of(dataset::Split::validation).clips.size(),
                               .val_top1 = heads.val_top1,
                               .val_loss = heads.val_loss,
                               .refitted = heads.refitted,
                               .seconds = heads.seconds,
                               .recipe = std::move(heads.recipe),
                               .members = std::move(heads.members),
                               .ensemble = std::move(facts.ensemble),
                               .finetune = std::move(facts.finetune),
                               .streams = std::move(facts.streams)};
  if (const auto& fold = facts.split.fold) {
    record.split.fold = model::SplitRecord::Fold{fold->number, fold->of};
  }
  model.training = std::move(record);
  model.heads = std::move(heads.heads);
  return model;
}

dataset::SplitOptions split_options_of(const model::Model& model) {
  if (!model.training) return {};
  const model::SplitRecord& split = model.training->split;
  dataset::SplitOptions options{
      .validation = split.validation, .test = split.test, .seed = split.seed};
  if (split.fold) options.fold = dataset::Fold{split.fold->number, split.fold->of};
  return options;
}

bool was_refitted(const model::Model& model) { return model.training && model.training->refitted; }

}  // namespace vidclass::pipeline
