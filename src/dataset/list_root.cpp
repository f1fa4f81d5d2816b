#include "dataset/list_root.hpp"

#include <algorithm>
#include <map>
#include <system_error>

#include "core/format.hpp"
#include "dataset/clip_files.hpp"
#include "dataset/list_names.hpp"
#include "dataset/text_file.hpp"
#include "vidclass/error.hpp"

namespace fs = std::filesystem;

namespace vidclass::dataset {
namespace {

bool holds_any(const fs::path& root, const std::vector<std::string>& listed,
               const std::string& encoding) {
  constexpr std::size_t enough = 200;  // of the files some may be missing
  const auto end = listed.begin() + static_cast<std::ptrdiff_t>(std::min(enough, listed.size()));
  return std::any_of(listed.begin(), end, [&](const std::string& name) {
    std::error_code ignored;
    return fs::exists(clip_on_disk(listed_file(root, name, encoding)), ignored);
  });
}

/// Where clips of a split may lie below a folder; itself first.
std::vector<fs::path> places_in(const fs::path& top, Split split) {
  std::vector<fs::path> places{top, top / "videos"};
  const std::string name(to_string(split));
  places.push_back(top / ("videos_" + name));
  places.push_back(top / "rawframes");
  places.push_back(top / ("rawframes_" + name));
  if (split == Split::none || !is_folder(top.empty() ? "." : top)) return places;
  for (const fs::path& folder : sub_folders(top.empty() ? "." : top)) {
    if (split_by_name(folder.filename().string()) == split) {
      places.push_back(top / folder.filename());
    }
  }
  return places;
}

}  // namespace

fs::path root_of_list(const fs::path& list, Split split, const std::vector<std::string>& listed,
                      const fs::path& data, const OpenOptions& options) {
  if (options.root) return *options.root;
  const fs::path beside = list.parent_path();
  std::vector<fs::path> tops{beside};
  if (is_folder(data)) tops.push_back(data);
  tops.push_back(beside.parent_path());
  for (const fs::path& top : tops) {
    for (const fs::path& place : places_in(top, split)) {
      if (holds_any(place, listed, options.encoding)) return place;
    }
  }
  return beside;
}

void refuse_two_lists_of_a_split(const std::vector<fs::path>& files) {
  std::map<Split, fs::path> of_split;
  for (const fs::path& file : files) {
    const Split split = parse_list_name(file).split;
    const auto [other, is_new] = of_split.emplace(split, file);
    if (is_new) continue;
    throw UsageError(
        format("{} and {} are both lists for the split {}; name one of them, or a "
               "folder that holds one for each split, with the option splits",
               other->second.string(), file.string(), to_string(split)));
  }
}

}  // namespace vidclass::dataset
