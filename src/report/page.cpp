#include "report/page.hpp"

#include <cstddef>
#include <vector>

#include "core/format.hpp"
#include "core/hash.hpp"
#include "core/text.hpp"
#include "report/base64.hpp"
#include "report/embedded.hpp"

namespace vidclass::report {
namespace {

/// As a Content-Security-Policy names what is inside the page
/// (https://www.w3.org/TR/CSP3/#grammardef-hash-source).
std::string hash_source(std::string_view content) {
  const std::string hex = sha256(content);
  std::vector<std::byte> digest;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    digest.push_back(static_cast<std::byte>(std::stoi(hex.substr(i, 2), nullptr, 16)));
  }
  return "'sha256-" + base64(digest) + "'";
}

std::string replaced(std::string_view text, std::string_view what, std::string_view with) {
  std::string result(text);
  for (std::size_t at = result.find(what); at != std::string::npos;
       at = result.find(what, at + with.size())) {
    result.replace(at, what.size(), with);
  }
  return result;
}

/// All texts in it, such as labels and names of files.
void make_printable(Json& document) {
  if (document.is_string()) {
    document = printable(document.get_ref<const std::string&>());
  } else if (document.is_structured()) {
    for (Json& part : document) make_printable(part);
  }
}

}  // namespace

std::string escape_html(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\'':
        escaped += "&#39;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

std::string json_for_html(const Json& document) {
  Json shown = document;
  make_printable(shown);
  // "<" stands only inside strings, where its escape means the same.
  return replaced(to_text(shown), "<", "\\u003c");
}

std::string html(const Page& page) {
  const std::string chart(embedded::chart_js());
  const std::string script = std::string(embedded::common_js()) + std::string(page.script);
  const std::string_view style = embedded::style_css();
  const auto clean = [](const std::string& text) { return escape_html(printable(text)); };
  const std::string title = clean(page.title);
  const std::string body =
      replaced(replaced(page.body, "@SUBTITLE@", clean(page.subtitle)), "@TITLE@", title);
  return format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; {}; "
      "style-src {}; script-src {} {}; base-uri 'none'; form-action 'none'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"referrer\" content=\"no-referrer\">\n"
      "<link rel=\"icon\" href=\"data:,\">\n"
      "<title>{}</title>\n<style>{}</style>\n</head>\n<body>\n{}"
      "<script type=\"application/json\" id=\"page-data\">{}</script>\n"
      "<script>{}</script>\n<script>{}</script>\n</body>\n</html>\n",
      page.may_load, hash_source(style), hash_source(chart), hash_source(script), title, style,
      body, json_for_html(page.data), chart, script);
}

}  // namespace vidclass::report
