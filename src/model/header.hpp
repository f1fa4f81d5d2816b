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
  Model model;  // without heads and tensors
  std::vector<head::HeadSpec> head_specs;
  std::optional<head::HeadSpec> baseline_spec{};
};

[[nodiscard]] std::string header_text(const Model& model);
/// Throws Error saying what is wrong, without the file's name.
[[nodiscard]] ParsedHeader parse_header(const std::string& text);

}  // namespace vidclass::model
