#include "serve/documents.hpp"

#include "report/page.hpp"

namespace vidclass::serve {
namespace embedded {

[[nodiscard]] std::string_view page_html();
[[nodiscard]] std::string_view page_js();
[[nodiscard]] std::string_view openapi_json();

}  // namespace embedded

std::string page_html(const Json& data) {
  return report::html({.title = "vidclass",
                       .subtitle = "What happens in a video",
                       .body = embedded::page_html(),
                       .script = embedded::page_js(),
                       .data = data,
                       .may_load = "img-src data: blob:; media-src blob:; connect-src 'self'"});
}

std::string_view openapi_json() { return embedded::openapi_json(); }

}  // namespace vidclass::serve
