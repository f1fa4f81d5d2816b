#include "core/json.hpp"

#include "vidclass/error.hpp"

namespace vidclass {

Json parse_json(std::string_view text) { return Json::parse(text); }

Json parse_json(std::string_view text, int depth) {
  return Json::parse(text, [depth](int at, Json::parse_event_t, Json&) {
    if (at > depth) throw Error("is nested too deeply");
    return true;
  });
}

Json try_parse_json(std::string_view text) {
  return Json::parse(text, nullptr, /*allow_exceptions=*/false);
}

std::string to_strict_text(const Json& document) { return document.dump(); }

std::string to_text(const Json& document, int indent) {
  return document.dump(indent, ' ', false, Json::error_handler_t::replace);
}

}  // namespace vidclass
