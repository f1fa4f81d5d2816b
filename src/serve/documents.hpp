// What the server shows of itself.
#pragma once

#include <string>
#include <string_view>

#include "core/json.hpp"

namespace vidclass::serve {

/// The page at "/"; `data` is what its script finds in `data`.
[[nodiscard]] std::string page_html(const Json& data);
/// The OpenAPI description, 3.1.
[[nodiscard]] std::string_view openapi_json();

}  // namespace vidclass::serve
