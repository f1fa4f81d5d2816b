// Text of other people: which encoding it is in, and which names are the same.
#pragma once

#include <string>
#include <string_view>

#include "vidclass/error.hpp"

namespace vidclass {

/// Text that must be UTF-8 and is not, where naming its encoding helps.
class NotUtf8 : public Error {
public:
  using Error::Error;
};

[[nodiscard]] bool is_utf8(std::string_view text) noexcept;

/// Text in an encoding that iconv knows ("latin1", "cp1252", "gbk", ...) as UTF-8. Throws
/// UsageError for an unknown encoding, Error where the text is not in it.
[[nodiscard]] std::string to_utf8(std::string_view text, const std::string& encoding);
/// And back.
[[nodiscard]] std::string from_utf8(std::string_view text, const std::string& encoding);

/// As UTF-8: text with UTF-16's byte order mark, and text that is not UTF-8 if `encoding` is
/// named. Other text stays as it is, without UTF-8's byte order mark. Throws as to_utf8() does.
[[nodiscard]] std::string decoded(std::string_view text, const std::string& encoding);

/// Equal for names that differ by case or Unicode form only (full case folding, then NFC; Unicode
/// Standard, sections 3.13 and 3.11). What is not UTF-8 stays as it is.
[[nodiscard]] std::string folded(std::string_view name);

}  // namespace vidclass
