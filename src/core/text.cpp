#include "core/text.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <map>
#include <set>

#include "core/format.hpp"

namespace vidclass {
namespace {

/// Is it drawn, or does it change how others are? Unicode's general category Cc, its Bidi_Control,
/// and the separators of lines.
bool is_control(utf8proc_int32_t c) noexcept {
  return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x061C || c == 0x200E || c == 0x200F ||
         (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

}  // namespace

std::string_view trim(std::string_view text) noexcept {
  constexpr std::string_view blanks = " \t\r\n\v\f";
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

bool is_digits(std::string_view text) noexcept {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string_view without_bom(std::string_view text) noexcept {
  return text.starts_with("\xEF\xBB\xBF") ? text.substr(3) : text;
}

std::vector<Line> lines_of(std::string_view text) {
  text = without_bom(text);
  std::vector<Line> lines;
  std::size_t number = 0;
  while (!text.empty()) {
    const auto end = text.find('\n');
    const auto line = trim(text.substr(0, end));
    ++number;
    if (!line.empty()) lines.push_back({number, line});
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  }
  return lines;
}

std::string counted(std::size_t number, std::string_view noun, std::string_view plural) {
  std::string result = std::to_string(number) + ' ';
  if (number == 1) return result.append(noun);
  return plural.empty() ? result.append(noun).append("s") : result.append(plural);
}

std::string in_quotes(std::string_view text) {
  std::string result(1, '"');
  return result.append(text).append(1, '"');
}

std::string printable(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    utf8proc_int32_t point = 0;
    const utf8proc_ssize_t read =
        utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                         static_cast<utf8proc_ssize_t>(text.size()), &point);
    const std::size_t bytes = read > 0 ? static_cast<std::size_t>(read) : 1;
    if (read <= 0) {
      result += format("\\x{:02x}", static_cast<unsigned char>(text[0]));
    } else if (!is_control(point)) {
      result.append(text.substr(0, bytes));
    } else if (point == '\n' || point == '\t' || point == '\r') {
      result += point == '\n' ? "\\n" : point == '\t' ? "\\t" : "\\r";
    } else {
      result += point < 0x100 ? format("\\x{:02x}", point) : format("\\u{:04x}", point);
    }
    text.remove_prefix(bytes);
  }
  return result;
}

std::string two_digits(int number) {
  std::string result(number < 10 ? "0" : "");
  return result.append(std::to_string(number));
}

std::vector<std::string> told_apart(std::vector<std::string> names) {
  std::set<std::string> taken(names.begin(), names.end());
  std::map<std::string, int> last_number;
  for (std::string& name : names) {
    const std::string wanted = name;
    int& number = last_number[wanted];
    if (++number == 1) continue;
    while (!taken.insert(name = format("{}-{}", wanted, number)).second) ++number;
  }
  return names;
}

std::string some_of(const std::vector<std::string>& names, std::size_t most) {
  std::string result;
  for (std::size_t i = 0; i < std::min(names.size(), most); ++i) {
    result.append(i == 0 ? "" : ", ").append(in_quotes(names[i]));
  }
  return names.size() > most ? result + ", ..." : result;
}

}  // namespace vidclass
