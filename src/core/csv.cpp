#include "core/csv.hpp"

#include <algorithm>
#include <array>

#include "core/line_error.hpp"
#include "core/text.hpp"

namespace vidclass {
namespace {

class CsvParser {
public:
  CsvParser(std::string_view text, const std::string& source, char separator)
      : text_(without_bom(text)), source_(source), separator_(separator) {}

  std::vector<CsvRow> rows() {
    std::vector<CsvRow> result;
    while (at_ < text_.size()) {
      CsvRow row = next_row();
      if (has_content_) result.push_back(std::move(row));
    }
    return result;
  }

private:
  CsvRow next_row() {
    CsvRow row;
    row.line = line_;
    has_content_ = false;
    do {
      row.fields.push_back(next_field());
    } while (take(separator_));
    take_line_end();
    return row;
  }

  std::string next_field() {
    while (at_ < text_.size() && text_[at_] != separator_ &&
           (text_[at_] == ' ' || text_[at_] == '\t')) {
      ++at_;
    }
    std::string field = take('"') ? rest_of_quoted() : unquoted();
    if (!field.empty()) has_content_ = true;
    return field;
  }

  std::string unquoted() {
    const std::array ends{separator_, '\r', '\n'};
    const auto end = std::min(text_.find_first_of(std::string_view(ends.data(), ends.size()), at_),
                              text_.size());
    const auto field = trim(text_.substr(at_, end - at_));
    at_ = end;
    return std::string(field);
  }

  std::string rest_of_quoted() {
    const std::size_t opened = line_;
    has_content_ = true;
    std::string field;
    for (;; ++at_) {
      if (at_ >= text_.size())
        fail_at_line(source_, opened, "a quote (\") is opened and never closed");
      if (text_[at_] == '"') {
        ++at_;
        if (at_ >= text_.size() || text_[at_] != '"') break;
      }
      if (text_[at_] == '\n') ++line_;
      field += text_[at_];
    }
    if (!unquoted().empty()) {
      fail_at_line(source_, line_,
                   "text follows a closing quote; a quote inside a quoted field is written twice");
    }
    return field;
  }

  bool take(char wanted) {
    if (at_ >= text_.size() || text_[at_] != wanted) return false;
    ++at_;
    return true;
  }

  void take_line_end() {
    const bool carriage_return = take('\r');
    if (take('\n') || carriage_return) ++line_;
  }

  std::string_view text_;
  const std::string& source_;
  char separator_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  bool has_content_ = false;
};

}  // namespace

std::vector<CsvRow> parse_csv(std::string_view text, const std::string& source, char separator) {
  return CsvParser(text, source, separator).rows();
}

std::string csv_field(std::string_view value) {
  const bool plain = value.find_first_of(",\"\r\n") == std::string_view::npos &&
                     trim(value).size() == value.size();
  if (plain) return std::string(value);
  std::string quoted = "\"";
  for (const char c : value) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

}  // namespace vidclass
