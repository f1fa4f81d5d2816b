// What the models and labels are that can be explained.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>

#include "model/model.hpp"

namespace vidclass::pipeline {

/// Throws as model::read() does, and UsageError for a model of feature arrays.
[[nodiscard]] model::Model read_to_explain(const std::filesystem::path& file);

/// The place of `label` among the model's, nothing for an empty one. Throws UsageError for one that
/// is unknown; `file` is the model's.
[[nodiscard]] std::optional<std::size_t> place_of_label(const model::Model& model,
                                                        const std::filesystem::path& file,
                                                        const std::string& label);

}  // namespace vidclass::pipeline
