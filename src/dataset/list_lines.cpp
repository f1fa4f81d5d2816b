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

constexpr std::string_view separators = " \t,";

/// What stands before the last word of a line, and that word.
struct Cut {
  std::string_view before;
  std::string_view last;
};

Cut cut_last_word(std::string_view line) {
  const auto at = line.find_last_of(separators);
  if (at == std::string_view::npos) return {{}, line};
  auto before = trim(line.substr(0, at));
  if (before.ends_with(',')) before = trim(before.substr(0, before.size() - 1));
  return {before, line.substr(at + 1)};
}

bool ends_with_a_number(const Cut& cut) { return is_digits(cut.last) && !cut.before.empty(); }

std::string_view without_quotes(std::string_view path) {
  const bool quoted = path.size() >= 2 && path.starts_with('"') && path.ends_with('"');
  return quoted ? path.substr(1, path.size() - 2) : path;
}

bool names_a_file(std::string_view path) {
  return content_by_name(fs::path(without_quotes(path))).has_value();
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
    return {std::string(without_quotes(path)), number_of(line, label.last), line.number};
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

  [[nodiscard]] long number_of(const Line& line, std::string_view digits) const {
    long number = 0;
    const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (result.ec != std::errc()) fail(line, format("the number {} is too large", digits));
    return number;
  }

  const fs::path& file_;
};

}  // namespace

bool looks_like_label_list(std::string_view text) {
  const auto lines = lines_of(text);
  return !lines.empty() && ends_with_a_number(cut_last_word(lines.front().text));
}

LabelList read_label_list(const fs::path& file, Split split) {
  const std::string text = read_utf8_file(file);
  LabelList list{file, split, {}};
  const Reader reader(file);
  std::map<std::string, std::size_t> seen;
  for (const Line& line : lines_of(text)) {
    ListedClip clip = reader.read(line);
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
