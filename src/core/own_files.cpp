#include "core/own_files.hpp"

#include <algorithm>
#include <map>
#include <sstream>
#include <system_error>

#include "core/atomic_file.hpp"
#include "core/safetensors.hpp"
#include "core/text.hpp"
#include "vidclass/error.hpp"

namespace fs = std::filesystem;

namespace vidclass {
namespace {

constexpr const char* list_name = ".vidclass-outputs";
constexpr char end_of_name = '\0';  // the one character that no name has

std::set<std::string> listed_in(const fs::path& folder) {
  std::set<std::string> names;
  std::error_code ignored;
  if (!fs::is_regular_file(folder / list_name, ignored)) return names;
  try {
    std::istringstream text(read_text_file(folder / list_name));
    for (std::string name; std::getline(text, name, end_of_name);) names.insert(name);
  } catch (const Error&) {
  }
  return names;
}

/// "ab/abcdef....safetensors": how caches name their entries.
bool is_named_like_a_cache_entry(const fs::path& file) {
  constexpr std::size_t digits_of_a_hash = 32;  // at least
  const std::string stem = file.stem().string();
  return file.extension() == ".safetensors" && stem.size() >= digits_of_a_hash &&
         stem.find_first_not_of("0123456789abcdef") == std::string::npos &&
         file.parent_path().filename() == stem.substr(0, 2);
}

}  // namespace

bool known_by_itself(const fs::path& file) {
  if (is_named_like_a_cache_entry(file)) return true;
  try {
    const SafetensorsFile opened(file);
    return std::any_of(opened.metadata().begin(), opened.metadata().end(),
                       [](const auto& entry) { return entry.first.starts_with("vidclass"); });
  } catch (const Error&) {
    return false;
  }
}

void list_own_files(std::span<const fs::path> files) {
  std::map<fs::path, std::set<std::string>> by_folder;
  for (const fs::path& file : files) {
    by_folder[file.parent_path()].insert(file.filename().string());
  }
  for (auto& [folder, names] : by_folder) {
    std::set<std::string> all = listed_in(folder);
    const std::size_t before = all.size();
    all.merge(names);
    if (all.size() == before) continue;
    std::string text;
    for (const std::string& name : all) text += name + end_of_name;
    try {
      write_file_atomically(folder / list_name, text);
    } catch (const Error&) {
    }
  }
}

OwnFiles::OwnFiles(const fs::path& folder) : names_(listed_in(folder)) {}

bool OwnFiles::lists(const fs::path& file) const {
  return names_.contains(file.filename().string());
}

bool OwnFiles::contain(const fs::path& file) const { return lists(file) || known_by_itself(file); }

}  // namespace vidclass
