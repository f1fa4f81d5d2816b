#include "core/input.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cctype>
#include <iterator>
#include <optional>
#include <system_error>

#include "core/format.hpp"
#include "vidclass/error.hpp"

namespace vidclass {
namespace fs = std::filesystem;

namespace {

/// Which file a path leads to, links followed; empty where there is none.
std::optional<std::pair<std::uint64_t, std::uint64_t>> identity_of(const fs::path& path) {
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0) return std::nullopt;
  return std::pair<std::uint64_t, std::uint64_t>(found.st_dev, found.st_ino);
}

}  // namespace

bool is_address(const fs::path& path) {
  for (auto part = path.begin(); part != path.end(); ++part) {
    const std::string name = part->string();
    // RFC 3986, 3.1: a letter, then letters, digits, +, - and dots. One letter is a drive.
    const bool is_scheme = name.size() > 2 && name.back() == ':' &&
                           std::isalpha(static_cast<unsigned char>(name[0])) &&
                           std::all_of(name.begin(), name.end() - 1, [](unsigned char c) {
                             return std::isalnum(c) || c == '+' || c == '-' || c == '.';
                           });
    if (is_scheme && std::next(part) != path.end()) return true;
  }
  return false;
}

bool is_there(const fs::path& path) {
  std::error_code error;
  return fs::status(path, error).type() != fs::file_type::not_found;
}

void require_input(const fs::path& path, std::string_view expected) {
  if (is_there(path)) return;
  if (is_address(path)) throw UsageError(format("{}: {}", path.string(), address_advice));
  throw UsageError(format("{}: no such file or folder; expected {}", path.string(), expected));
}

void InputFiles::add(const fs::path& path) {
  std::error_code error;
  if (!fs::is_directory(path, error)) {
    add_file(path);
    return;
  }
  for (auto entry = fs::directory_iterator(path, error);
       !error && entry != fs::directory_iterator(); entry.increment(error)) {
    add_file(entry->path());
  }
}

void InputFiles::add_file(const fs::path& path) {
  if (const auto file = identity_of(path)) files_.insert(*file);
}

void InputFiles::refuse(const fs::path& output, bool overwrite) const {
  const auto file = identity_of(output);
  if (!file) return;
  if (files_.contains(*file)) {
    throw UsageError(format("{} is read by this call and would be overwritten; name another output",
                            output.string()));
  }
  std::error_code error;
  if (overwrite || !fs::is_regular_file(output, error)) return;
  const fs::path folder = output.parent_path();
  if (own_.try_emplace(folder, folder).first->second.contain(output)) return;
  throw UsageError(
      format("{} is there already, and vidclass did not write it; name another output, "
             "or let it be replaced (overwrite)",
             output.string()));
}

}  // namespace vidclass
