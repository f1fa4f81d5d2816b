// The JSON document in a model file that describes its tensors.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/model.hpp"

namespace vidclass::model {

/// The safetensors metadata key that holds the document.
inline constexpr const char* header_key = "vidclass_model";

/// Everything of a model but its parameters.
struct ParsedHeader {
  Model model;  // without heads
  std::vector<head::HeadSpec> head_specs;
  head::HeadSpec baseline_spec;
  std::optional<train::StreamWeights> motion;  // empty: there is no motion stream
};

[[nodiscard]] std::string header_text(const Model& model);
/// Throws Error saying what is wrong, without the file's name.
[[nodiscard]] ParsedHeader parse_header(const std::string& text);

}  // namespace vidclass::model
