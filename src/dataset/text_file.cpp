#include "dataset/text_file.hpp"

#include <algorithm>
#include <fstream>
#include <system_error>

#include "core/atomic_file.hpp"
#include "core/format.hpp"
#include "core/text.hpp"
#include "core/unicode.hpp"
#include "dataset/clip_files.hpp"
#include "vidclass/error.hpp"

namespace fs = std::filesystem;

namespace vidclass::dataset {

std::string read_list_file(const fs::path& file, const std::string& encoding) {
  const std::string text = read_text_file(file);
  try {
    return decoded(text, encoding);
  } catch (const UsageError&) {
    throw;
  } catch (const Error& error) {
    throw Error(format("{}: {}", file.string(), error.what()));
  }
}

std::string beginning_of(const fs::path& file) {
  constexpr std::size_t enough = 64 << 10;
  std::string text(enough, '\0');
  std::ifstream stream(file, std::ios::binary);
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(std::max<std::streamsize>(stream.gcount(), 0)));
  try {
    return decoded(text, {});
  } catch (const Error&) {
    return text;  // whoever reads the whole file says why
  }
}

std::vector<Line> list_lines(std::string_view text) {
  std::vector<Line> lines = lines_of(text);
  std::erase_if(lines, [](const Line& line) { return line.text.starts_with('#'); });
  return lines;
}

std::string utf8_label(const std::string& label, const std::string& where,
                       const std::string& encoding) {
  if (is_utf8(label)) return label;
  if (!encoding.empty()) return to_utf8(label, encoding);
  throw NotUtf8(format("{}: the label {} is not UTF-8; the option encoding says what it is", where,
                       in_quotes(label)));
}

std::string slashed(std::string listed) {
  std::replace(listed.begin(), listed.end(), '\\', '/');
  return listed;
}

fs::path listed_file(const fs::path& root, const std::string& listed, const std::string& encoding) {
  for (const std::string& name : {listed, slashed(listed)}) {
    std::error_code ignored;
    if (fs::exists(clip_on_disk(root / name), ignored)) return root / name;
    if (encoding.empty()) continue;
    try {
      const fs::path as_bytes = root / from_utf8(name, encoding);
      if (fs::exists(clip_on_disk(as_bytes), ignored)) return as_bytes;
    } catch (const Error&) {
    }
  }
  return root / slashed(listed);
}

bool is_file(const fs::path& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored);
}

bool is_folder(const fs::path& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored);
}

}  // namespace vidclass::dataset
