// Trainings as text and JSON.
#pragma once

#include <string>

#include "core/json.hpp"
#include "features/extractor.hpp"
#include "model/model.hpp"
#include "pipeline/cross_validate.hpp"
#include "pipeline/finetune.hpp"

namespace vidclass::cli {

/// "592 clips, 11840 frames at 31.2 frames/s (bf16), ..."
[[nodiscard]] std::string summary(const features::ExtractReport& report,
                                  const features::FeatureSettings& settings);

/// "validation top-1 73.2 % ± 1.4, loss 0.912 ± 0.041"
[[nodiscard]] std::string summary(const pipeline::Scores& scores);

/// "ensemble: motion (loss on groups left out, 42 groups: ...)"
[[nodiscard]] std::string summary(const model::EnsembleRecord& ensemble);
/// "streams: appearance and motion, which weighs 0.35, and 0.70 in places unlike ... (loss ...)"
[[nodiscard]] std::string summary(const model::StreamsRecord& streams,
                                  const train::StreamWeights& weights);
[[nodiscard]] std::string summary(const pipeline::FinetunedNetwork& network);

}  // namespace vidclass::cli
