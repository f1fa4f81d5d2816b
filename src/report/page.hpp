// An HTML file that holds all that it shows.
#pragma once

#include <string>
#include <string_view>

#include "core/json.hpp"

namespace vidclass::report {

struct Page {
  std::string title;
  std::string subtitle;
  std::string_view body;    // HTML, in which @TITLE@ and @SUBTITLE@ are replaced
  std::string_view script;  // runs after Chart.js and page/common.js
  Json data;                // what `data` is in the scripts
  /// Directives of the Content-Security-Policy: what it may load.
  std::string may_load = "img-src data:";
};

/// The whole file. Titles are escaped; `data` cannot end its element. Only the scripts and
/// the style inside may run: the policy names them by their hashes.
[[nodiscard]] std::string html(const Page& page);

/// Text as HTML shows it, in elements and in quoted attributes.
[[nodiscard]] std::string escape_html(std::string_view text);

/// JSON in which nothing can end a script element or begin a comment.
[[nodiscard]] std::string json_for_html(const Json& document);

}  // namespace vidclass::report
