#include "dataset/left_out.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>

#include "core/format.hpp"
#include "core/text.hpp"

namespace fs = std::filesystem;

namespace vidclass::dataset {
namespace {

struct Ending {
  std::string name;
  std::size_t files = 0;
  fs::path first;
};

/// The most frequent first.
std::vector<Ending> endings_of(const std::vector<fs::path>& files) {
  std::map<std::string, Ending> by_name;
  for (const fs::path& file : files) {
    const std::string name = lower(file.extension().string());
    Ending& ending = by_name[name];
    if (ending.files++ == 0) ending.first = file;
    ending.name = name;
  }
  std::vector<Ending> endings;
  for (auto& [name, ending] : by_name) endings.push_back(std::move(ending));
  std::stable_sort(endings.begin(), endings.end(),
                   [](const Ending& a, const Ending& b) { return a.files > b.files; });
  return endings;
}

std::string note_of_files(const std::vector<fs::path>& files) {
  constexpr std::size_t most_named = 8;
  std::string text;
  std::size_t named = 0, others = 0;
  for (const Ending& ending : endings_of(files)) {
    if (named == most_named) {
      others += ending.files;
      continue;
    }
    text += format("{}{} {}", named++ == 0 ? "" : ", ", ending.files,
                   ending.name.empty() ? "without an ending" : ending.name);
  }
  if (others > 0) text += format(", {} of other endings", others);
  return format("{} {} left out: {}; the first is {}", counted(files.size(), "file"),
                files.size() == 1 ? "that is no clip" : "that are no clips", text,
                files.front().string());
}

template <typename Element>
void append(std::vector<Element>& all, std::vector<Element> more) {
  all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

}  // namespace

void LeftOut::add(LeftOut more) {
  append(no_clips, std::move(more.no_clips));
  append(own, std::move(more.own));
  append(unreadable, std::move(more.unreadable));
}

bool LeftOut::is_pictures() const {
  return !no_clips.empty() && std::all_of(no_clips.begin(), no_clips.end(), is_picture);
}

std::vector<std::string> LeftOut::notes() const {
  std::vector<std::string> notes;
  if (!no_clips.empty()) notes.push_back(note_of_files(no_clips));
  if (!own.empty()) {
    std::vector<std::string> names;
    for (const fs::path& file : own) names.push_back(file.string());
    notes.push_back(
        format("{} that vidclass wrote left out: {}", counted(own.size(), "file"), some_of(names)));
  }
  if (!unreadable.empty()) {
    std::vector<std::string> names;
    for (const UnreadableFolder& folder : unreadable) names.push_back(folder.path.string());
    notes.push_back(format("{} that cannot be read ({}) left out: {}",
                           counted(unreadable.size(), "folder"), unreadable.front().reason,
                           some_of(names)));
  }
  return notes;
}

bool is_picture(const fs::path& file) {
  constexpr auto endings = std::to_array<std::string_view>(
      {".bmp", ".heic", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"});
  return std::find(endings.begin(), endings.end(), lower(file.extension().string())) !=
         endings.end();
}

}  // namespace vidclass::dataset
