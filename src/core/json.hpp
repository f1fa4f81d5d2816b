// The one place that names the JSON library.
#pragma once

#include <nlohmann/json.hpp>

namespace vidclass {

/// Keeps keys in the order of insertion, so that documents read as they were
/// written.
using Json = nlohmann::ordered_json;
using JsonException = nlohmann::json::exception;

}  // namespace vidclass
