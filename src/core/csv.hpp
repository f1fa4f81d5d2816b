// Comma-separated values as RFC 4180 describes them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace vidclass {

struct CsvRow {
  std::size_t line = 0;  // of the file, where the row begins; counted from 1
  std::vector<std::string> fields;
};

/// All rows, the header among them. Quoted fields may hold commas, quotes
/// (doubled) and line ends; rows end with LF, CRLF or CR; a byte order mark is
/// skipped. Beyond the RFC: blanks around a field are dropped unless they are
/// inside quotes, and rows without any content are left out. Throws Error,
/// naming `source` and the line, where quotes are not closed or are followed by
/// more text. `separator` stands between the fields.
[[nodiscard]] std::vector<CsvRow> parse_csv(std::string_view text, const std::string& source,
                                            char separator = ',');

/// The field as parse_csv() reads it back: in quotes where that is needed.
[[nodiscard]] std::string csv_field(std::string_view value);

}  // namespace vidclass
