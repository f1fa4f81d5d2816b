// The model file of a training.
#pragma once

#include <cstdint>
#include <optional>

#include "dataset/split.hpp"
#include "model/model.hpp"
#include "pipeline/gather.hpp"
#include "train/train.hpp"

namespace vidclass::pipeline {

/// What it keeps beside the heads.
struct ModelFacts {
  std::uint64_t seed = 1;
  dataset::SplitOptions split;
  model::SeenClips seen;
  std::optional<model::EnsembleRecord> ensemble{};
  std::optional<model::FinetuneRecord> finetune{};
  std::optional<model::StreamsRecord> streams{};
};

[[nodiscard]] model::Model make_model(const dataset::Manifest& manifest,
                                      const DataFeatures& features, train::TrainResult heads,
                                      head::Head baseline, ModelFacts facts);

/// The split that a model was trained with; the defaults, which serve given splits as well, for a
/// model that does not tell.
[[nodiscard]] dataset::SplitOptions split_options_of(const model::Model& model);

/// Whether its heads were trained on the validation clips as well.
[[nodiscard]] bool was_refitted(const model::Model& model);

}  // namespace vidclass::pipeline
