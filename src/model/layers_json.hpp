// The layers of a head in the header of a model file.
#pragma once

#include <vector>

#include "core/json.hpp"
#include "head/layer.hpp"

namespace vidclass::model {

[[nodiscard]] Json layers_to_json(const std::vector<head::Layer>& layers);
/// Throws JsonException, and Error for names that are not known.
[[nodiscard]] std::vector<head::Layer> layers_from(const Json& json);

}  // namespace vidclass::model
