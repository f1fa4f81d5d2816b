#include "dataset/list_lines.hpp"

#include <charconv>
#include <map>
#include <system_error>

#include "core/format.hpp"
#include "core/line_error.hpp"
#include "core/text.hpp"
#include "dataset/clip_files.hpp"
#include "dataset/text_file.hpp"
#include "vidclass/error.hpp"

namespace fs = std::filesystem;

namespace vidclass::dataset {
namespace {

constexpr std::string_view separators = " \t,;";

/// What stands before the last word of a line, and that word.
struct Cut {
  std::string_view before;
  std::string_view last;
};

Cut cut_last_word(std::string_view line) {
  const auto at = line.find_last_of(separators);
  if (at == std::string_view::npos) return {{}, line};
  auto before = trim(line.substr(0, at));
  if (before.ends_with(',') || before.ends_with(';')) {
    before = trim(before.substr(0, before.size() - 1));
  }
  return {before, line.substr(at + 1)};
}

/// The text without the sign and the zeros behind the point of a whole number.
std::string_view digits_of(std::string_view number) {
  if (number.starts_with('-') || number.starts_with('+')) number.remove_prefix(1);
  const auto point = number.find('.');
  if (point == std::string_view::npos || point == 0) return number;
  const bool whole = number.find_first_not_of('0', point + 1) == std::string_view::npos;
  return whole ? number.substr(0, point) : number;
}

bool ends_with_a_number(const Cut& cut) {
  return is_digits(digits_of(cut.last)) && !cut.before.empty();
}

std::string_view without_quotes(std::string_view text) {
  const bool quoted = text.size() >= 2 && text.starts_with('"') && text.ends_with('"');
  return quoted ? text.substr(1, text.size() - 2) : text;
}

bool names_a_file(std::string_view path) {
  return content_by_name(fs::path(without_quotes(path))).has_value();
}

/// "<path> <label>", where the path has the ending of a clip; else nothing before.
Cut cut_behind_file(std::string_view line) {
  Cut cut{{}, line};
  for (auto at = line.find_first_of(separators); at != std::string_view::npos;
       at = line.find_first_of(separators, at + 1)) {
    const auto before = trim(line.substr(0, at));
    const auto behind = line.find_first_not_of(separators, at);
    if (names_a_file(before) && behind != std::string_view::npos) {
      cut = {before, line.substr(behind)};
    }
  }
  return cut;
}

bool is_number(std::string_view word) {
  if (is_digits(digits_of(word))) return true;
  double number = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
  return error == std::errc() && end == word.data() + word.size();
}

/// Is it a clip with something other than numbers behind it?
bool names_a_label(std::string_view line) {
  const Cut cut = cut_behind_file(line);
  if (cut.before.empty()) return false;
  for (std::string_view rest = cut.last; !rest.empty();) {
    const Cut word = cut_last_word(rest);
    if (!is_number(word.last)) return true;
    rest = word.before;
  }
  return false;
}

class Reader {
public:
  explicit Reader(const fs::path& file) : file_(file) {}

  ListedClip read(const Line& line) const {
    const Cut label = cut_last_word(line.text);
    if (!ends_with_a_number(label)) {
      fail(line,
           format("expected a clip and the number of its label, as in \"run/a.mp4 0\", not {}",
                  in_quotes(line.text)));
    }
    std::string_view path = label.before;
    if (!names_a_file(path)) path = frame_folder_of(line, path);
    return {.path = std::string(without_quotes(path)),
            .label = {},
            .number = number_of(line, label.last),
            .line = line.number};
  }

  ListedClip read_named(const Line& line, const std::string& encoding) const {
    const Cut cut = cut_behind_file(line.text);
    if (cut.before.empty()) {
      fail(line, format("expected a clip and the name of its label, as in \"a.mp4 run\", not {}",
                        in_quotes(line.text)));
    }
    const std::string where = format("{}:{}", file_.string(), line.number);
    return {.path = std::string(without_quotes(cut.before)),
            .label = utf8_label(std::string(without_quotes(cut.last)), where, encoding),
            .line = line.number};
  }

  [[noreturn]] void fail(const Line& line, const std::string& what) const {
    fail_at_line(file_, line.number, what);
  }

private:
  /// "<folder> <frames>", with the number of frames taken off; a folder alone stays.
  [[nodiscard]] std::string_view frame_folder_of(const Line& line, std::string_view path) const {
    const Cut frames = cut_last_word(path);
    if (!ends_with_a_number(frames)) return path;
    if (names_a_file(frames.before)) {
      fail(line, "two numbers follow the clip; clips with more than one label are not supported");
    }
    const Cut offset = cut_last_word(frames.before);
    if (ends_with_a_number(offset)) {
      fail(line,
           "three numbers follow the folder; only \"<folder> <frames> <label>\" is supported, "
           "without an offset and with one label");
    }
    return frames.before;
  }

  [[nodiscard]] long number_of(const Line& line, std::string_view text) const {
    const std::string_view digits = digits_of(text);
    long number = 0;
    const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (result.ec != std::errc()) fail(line, format("the number {} is too large", digits));
    return text.starts_with('-') ? -number : number;
  }

  const fs::path& file_;
};

}  // namespace

bool looks_like_label_list(std::string_view text) {
  const auto lines = list_lines(text);
  if (lines.empty()) return false;
  const std::string_view first = lines.front().text;
  return ends_with_a_number(cut_last_word(first)) || !cut_behind_file(first).before.empty();
}

LabelList read_label_list(const fs::path& file, Split split, const std::string& encoding) {
  const std::string text = read_list_file(file, encoding);
  LabelList list{.file = file, .split = split, .clips = {}};
  const Reader reader(file);
  std::map<std::string, std::size_t> seen;
  for (const Line& line : list_lines(text)) {
    if (list.clips.empty()) list.named = names_a_label(line.text);
    ListedClip clip = list.named ? reader.read_named(line, encoding) : reader.read(line);
    const auto [earlier, is_new] = seen.emplace(clip.path, line.number);
    if (!is_new) {
      reader.fail(line,
                  format("{} is listed before, in line {}", in_quotes(clip.path), earlier->second));
    }
    list.clips.push_back(std::move(clip));
  }
  if (list.clips.empty()) {
    throw Error(
        format("{} is empty; expected lines with a clip and the number of its label, as in "
               "\"run/a.mp4 0\"",
               file.string()));
  }
  return list;
}

}  // namespace vidclass::dataset
