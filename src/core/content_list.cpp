#include "core/content_list.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include "core/format.hpp"

namespace vidclass {
namespace {

constexpr std::array<std::pair<char, char>, 4> escapes{
    {{'\\', '\\'}, {'\t', 't'}, {'\n', 'n'}, {'\r', 'r'}}};

std::string escape(std::string_view path) {
  std::string text;
  for (const char c : path) {
    const auto* const found =
        std::find_if(escapes.begin(), escapes.end(), [c](auto pair) { return pair.first == c; });
    if (found == escapes.end()) {
      text += c;
    } else {
      text += {'\\', found->second};
    }
  }
  return text;
}

std::optional<std::string> unescape(std::string_view text) {
  std::string path;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      path += text[i];
      continue;
    }
    if (++i == text.size()) return std::nullopt;
    const auto* const found = std::find_if(escapes.begin(), escapes.end(),
                                           [&](auto pair) { return pair.second == text[i]; });
    if (found == escapes.end()) return std::nullopt;
    path += found->first;
  }
  return path;
}

/// What stands before the next `separator`; `rest` becomes what follows it.
std::string_view take_until(char separator, std::string_view& rest) {
  const std::size_t end = rest.find(separator);
  const std::string_view part = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return part;
}

template <typename Number>
bool read_number(std::string_view text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

bool is_sha256(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace

std::string format_content_list(const ContentList& list) {
  std::string text;
  for (const auto& [path, record] : list) {
    text +=
        format("{}\t{}\t{}\t{}\n", record.sha256, record.bytes, record.changed_ns, escape(path));
  }
  return text;
}

ContentList parse_content_list(std::string_view text) {
  ContentList list;
  while (!text.empty()) {
    std::string_view line = take_until('\n', text);
    ContentRecord record;
    record.sha256 = take_until('\t', line);
    const bool numbers = read_number(take_until('\t', line), record.bytes) &&
                         read_number(take_until('\t', line), record.changed_ns);
    const auto path = unescape(line);
    if (is_sha256(record.sha256) && numbers && path && !path->empty()) {
      list.insert_or_assign(*path, std::move(record));
    }
  }
  return list;
}

}  // namespace vidclass
