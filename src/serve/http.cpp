#include "serve/http.hpp"

#include <algorithm>
#include <string_view>

namespace vidclass::serve {
namespace {

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// Percent-encoding (RFC 3986, section 2.1); `plus`: a plus sign is a blank, as in forms.
std::optional<std::string> decoded(std::string_view text, bool plus) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus) {
      result += ' ';
    } else if (text[i] != '%') {
      result += text[i];
    } else {
      const int high = i + 2 < text.size() ? digit_of(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? digit_of(text[i + 2]) : -1;
      if (high < 0 || low < 0) return std::nullopt;
      result += static_cast<char>(high * 16 + low);
      i += 2;
    }
  }
  return result;
}

bool read_query(std::string_view text, std::map<std::string, std::string>& query) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('&'), text.size());
    const std::string_view field = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (field.empty()) continue;
    const std::size_t equals = std::min(field.find('='), field.size());
    const auto name = decoded(field.substr(0, equals), true);
    const auto value = decoded(field.substr(std::min(equals + 1, field.size())), true);
    if (!name || !value) return false;
    query[*name] = *value;
  }
  return true;
}

}  // namespace

std::string Request::header(const std::string& name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? "" : found->second;
}

std::optional<Request> request_from_target(const std::string& target) {
  if (target.empty() || target[0] != '/') return std::nullopt;
  const std::size_t mark = std::min(target.find('?'), target.size());
  Request request;
  const auto path = decoded(std::string_view(target).substr(0, mark), false);
  if (!path || path->find('\0') != std::string::npos) return std::nullopt;
  request.path = *path;
  if (mark < target.size() &&
      !read_query(std::string_view(target).substr(mark + 1), request.query)) {
    return std::nullopt;
  }
  return request;
}

Response json_response(const Json& document, int status) {
  return {.status = status, .body = to_text(document) + "\n"};
}

Response error_response(int status, const std::string& why) {
  return json_response({{"error", why}}, status);
}

}  // namespace vidclass::serve
