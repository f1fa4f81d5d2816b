#include "core/text.hpp"

#include <algorithm>

#include "core/format.hpp"

namespace vidclass {
namespace {

struct CodePoint {
  char32_t value = 0;
  std::size_t bytes = 0;  // 0: the text does not begin with UTF-8
};

/// The first of a text that is not empty: RFC 3629, without surrogates and overlong forms.
CodePoint first_of(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  const std::size_t bytes = lead < 0x80             ? 1
                            : (lead & 0xE0) == 0xC0 ? 2
                            : (lead & 0xF0) == 0xE0 ? 3
                            : (lead & 0xF8) == 0xF0 ? 4
                                                    : 0;
  if (bytes == 0 || bytes > text.size()) return {};
  char32_t value = bytes == 1 ? lead : lead & (0x7FU >> bytes);
  for (std::size_t i = 1; i < bytes; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {};
    value = value << 6 | (byte(i) & 0x3FU);
  }
  constexpr char32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (value < least[bytes] || value > 0x10FFFF || surrogate) return {};
  return {value, bytes};
}

/// Is it drawn, or does it change how others are? Unicode's general category Cc, its Bidi_Control,
/// and the separators of lines.
bool is_control(char32_t c) noexcept {
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
    const CodePoint c = first_of(text);
    const std::size_t bytes = std::max<std::size_t>(c.bytes, 1);
    if (c.bytes == 0) {
      result += format("\\x{:02x}", static_cast<unsigned char>(text[0]));
    } else if (!is_control(c.value)) {
      result.append(text.substr(0, bytes));
    } else if (c.value == '\n' || c.value == '\t' || c.value == '\r') {
      result += c.value == '\n' ? "\\n" : c.value == '\t' ? "\\t" : "\\r";
    } else {
      const auto number = static_cast<unsigned>(c.value);
      result += number < 0x100 ? format("\\x{:02x}", number) : format("\\u{:04x}", number);
    }
    text.remove_prefix(bytes);
  }
  return result;
}

std::string two_digits(int number) {
  std::string result(number < 10 ? "0" : "");
  return result.append(std::to_string(number));
}

std::string some_of(const std::vector<std::string>& names, std::size_t most) {
  std::string result;
  for (std::size_t i = 0; i < std::min(names.size(), most); ++i) {
    result.append(i == 0 ? "" : ", ").append(in_quotes(names[i]));
  }
  return names.size() > most ? result + ", ..." : result;
}

}  // namespace vidclass
