// Requests and responses, apart from how they travel.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/json.hpp"
#include "serve/upload.hpp"

namespace vidclass::serve {

struct Request {
  std::string method;
  std::string path;                            // decoded, without the query
  std::map<std::string, std::string> query;    // decoded
  std::map<std::string, std::string> headers;  // by names in lower case
  std::shared_ptr<Upload> body;                // null before it came and where there is none

  /// Empty where it is not there.
  [[nodiscard]] std::string header(const std::string& name) const;
};
/// The path and query of a request's target; empty where it is not well formed.
[[nodiscard]] std::optional<Request> request_from_target(const std::string& target);

/// What a stream of events has to tell.
struct EventText {
  std::string text;  // what is new; may be empty
  bool last = false;
};

struct Response {
  int status = 200;
  std::string type = "application/json";
  std::string body{};
  std::vector<std::pair<std::string, std::string>> headers{};
  /// Server-sent events in the place of a body: asked again and again until the last.
  std::function<EventText()> events{};
};

[[nodiscard]] Response json_response(const Json& document, int status = 200);
/// {"error": "..."}
[[nodiscard]] Response error_response(int status, const std::string& why);

}  // namespace vidclass::serve
