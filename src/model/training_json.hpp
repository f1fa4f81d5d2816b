// Training records as JSON, as model files and `--json` have them.
#pragma once

#include <optional>

#include "core/json.hpp"
#include "model/training_record.hpp"

namespace vidclass::model {

[[nodiscard]] Json to_json(const train::Epoch& epoch);
[[nodiscard]] Json to_json(const EnsembleRecord& record);
[[nodiscard]] Json to_json(const FinetuneRecord& record);
[[nodiscard]] Json to_json(const StreamsRecord& record);
/// An empty object for none.
[[nodiscard]] Json to_json(const std::optional<TrainingRecord>& record);
/// None for an empty object: a model that was made elsewhere need not tell. What is missing keeps
/// its default. Throws JsonException for values of other kinds, UsageError for unknown names.
[[nodiscard]] std::optional<TrainingRecord> training_record_from(const Json& json);

}  // namespace vidclass::model
