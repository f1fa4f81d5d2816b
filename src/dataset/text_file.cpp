#include "dataset/text_file.hpp"

#include <fstream>
#include <system_error>

#include "core/atomic_file.hpp"
#include "vidclass/error.hpp"

namespace fs = std::filesystem;

namespace vidclass::dataset {

std::string read_utf8_file(const fs::path& file) {
  std::string text = read_text_file(file);
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
    throw Error(file.string() + " is UTF-16 text; save it as UTF-8");
  }
  return text;
}

std::string beginning_of(const fs::path& file) {
  constexpr std::size_t enough = 64 << 10;
  std::string text(enough, '\0');
  std::ifstream stream(file, std::ios::binary);
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(std::max<std::streamsize>(stream.gcount(), 0)));
  return text;
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
