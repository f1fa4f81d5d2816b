#include "cli/path_list.hpp"

#include <iostream>
#include <iterator>
#include <string>

#include "core/input.hpp"
#include "core/unicode.hpp"
#include "vidclass/error.hpp"

namespace vidclass::cli {

namespace fs = std::filesystem;

std::vector<fs::path> read_paths(std::istream& stream) {
  const std::string all{std::istreambuf_iterator<char>(stream), {}};
  const std::string content = decoded(all, {});
  const char end = content.find('\0') == std::string::npos ? '\n' : '\0';
  std::vector<fs::path> paths;
  for (std::size_t begin = 0; begin < content.size();) {
    std::size_t stop = content.find(end, begin);
    if (stop == std::string::npos) stop = content.size();
    std::string line = content.substr(begin, stop - begin);
    if (end == '\n' && line.ends_with('\r')) line.pop_back();
    if (!line.empty()) paths.emplace_back(line);
    begin = stop + 1;
  }
  return paths;
}

std::vector<fs::path> with_listed(const std::vector<fs::path>& named) {
  std::vector<fs::path> paths;
  for (const fs::path& path : named) {
    if (path != "-") {
      require_input(path, "a clip, or a folder of clips");
      paths.push_back(path);
      continue;
    }
    const std::vector<fs::path> listed = read_paths(std::cin);
    if (listed.empty()) throw UsageError("standard input lists no clip");
    paths.insert(paths.end(), listed.begin(), listed.end());
  }
  return paths;
}

}  // namespace vidclass::cli
