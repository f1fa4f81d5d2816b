// The one place that names the JSON library.
#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace vidclass {

/// Keeps keys in the order of insertion, so that documents read as they were
/// written.
using Json = nlohmann::ordered_json;
using JsonException = nlohmann::json::exception;

// Parsing and writing are compiled once, here and not in every file that does either.

/// Throws JsonException.
[[nodiscard]] Json parse_json(std::string_view text);
/// The same of text that others made: throws Error ("is nested too deeply") beyond `depth`.
[[nodiscard]] Json parse_json(std::string_view text, int depth);
/// A discarded value (Json::is_discarded) for what is not JSON.
[[nodiscard]] Json try_parse_json(std::string_view text);
/// In one line. Throws JsonException for text that is not UTF-8.
[[nodiscard]] std::string to_strict_text(const Json& document);
/// For people and programs that read on: what is not UTF-8 (paths need not be) is replaced. In one
/// line, or over several with `indent` blanks a level.
[[nodiscard]] std::string to_text(const Json& document, int indent = -1);

}  // namespace vidclass
