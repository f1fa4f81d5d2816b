// Small helpers for text files and messages.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace vidclass {

/// Without blanks, tabs and line ends on both sides.
[[nodiscard]] std::string_view trim(std::string_view text) noexcept;

/// ASCII letters in lower case.
[[nodiscard]] std::string lower(std::string_view text);

/// Is it one or more of 0 to 9, and nothing else?
[[nodiscard]] bool is_digits(std::string_view text) noexcept;

/// Without UTF-8's byte order mark, which spreadsheets put in front.
[[nodiscard]] std::string_view without_bom(std::string_view text) noexcept;

struct Line {
  std::size_t number = 0;  // counted from 1, blank lines included
  std::string_view text;   // trimmed, not empty
};
/// The lines of a text that are not blank. They refer to `text`.
[[nodiscard]] std::vector<Line> lines_of(std::string_view text);

/// "1 clip", "3 clips"; `plural` is for nouns that take no plain s.
[[nodiscard]] std::string counted(std::size_t number, std::string_view noun,
                                  std::string_view plural = {});

/// "text"
[[nodiscard]] std::string in_quotes(std::string_view text);

/// For a terminal, log or page, in one line: control characters, marks that change the direction of
/// writing, and bytes that are not UTF-8 are written out, such as \n, \x1b, \u202e and \xe9.
[[nodiscard]] std::string printable(std::string_view text);

/// The number with a leading zero if it has one digit.
[[nodiscard]] std::string two_digits(int number);

/// As file names for things of these names, of which some are the same: "a", "b", "a-2", "a-3".
[[nodiscard]] std::vector<std::string> told_apart(std::vector<std::string> names);

/// The first few of `names` in quotes: "a", "b", "c", ....
[[nodiscard]] std::string some_of(const std::vector<std::string>& names, std::size_t most = 3);

}  // namespace vidclass
