// The file in which clips' checksums are remembered.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace vidclass {

/// A clip's content, and the state of the file when it was read.
struct ContentRecord {
  std::string sha256;
  std::uintmax_t bytes = 0;
  std::int64_t changed_ns = 0;  // time of the last change, nanoseconds since 1970

  friend bool operator==(const ContentRecord&, const ContentRecord&) = default;
};

/// Records by absolute path.
using ContentList = std::map<std::string, ContentRecord>;

/// One line a clip: sha256, bytes, changed_ns, path, with a tab between. In paths
/// a backslash, tab, line feed and carriage return are written \\, \t, \n and \r.
[[nodiscard]] std::string format_content_list(const ContentList& list);
/// Lines that are no records are left out.
[[nodiscard]] ContentList parse_content_list(std::string_view text);

}  // namespace vidclass
