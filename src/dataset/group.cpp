#include "dataset/group.hpp"

#include <algorithm>
#include <array>

#include "core/text.hpp"

namespace vidclass::dataset {
namespace {

/// What stands before the last `separator` of `rest`, which loses the rest.
std::string_view take_last(char separator, std::string_view& rest) {
  const auto at = rest.rfind(separator);
  const auto last = at == std::string_view::npos ? rest : rest.substr(at + 1);
  rest = rest.substr(0, at == std::string_view::npos ? 0 : at);
  return last;
}

template <std::size_t N>
bool is_one_of(std::string_view word, const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::string ucf101_group(std::string_view stem, std::string_view label) {
  const auto clip = take_last('_', stem);
  const auto group = take_last('_', stem);
  const bool fits = clip.starts_with('c') && is_digits(clip.substr(1)) && group.starts_with('g') &&
                    is_digits(group.substr(1)) && !stem.empty();
  return fits ? std::string(label).append("_").append(group) : std::string();
}

/// The name ends in what is visible, camera motion, people, viewpoint, quality and
/// number, as HMDB51's page has it.
std::string hmdb51_group(std::string_view stem, std::string_view label) {
  constexpr std::array<std::string_view, 2> motions{"cm", "nm"};
  constexpr std::array<std::string_view, 4> viewpoints{"fr", "ba", "le", "ri"};
  constexpr std::array<std::string_view, 3> qualities{"goo", "med", "bad"};
  const bool fits = is_digits(take_last('_', stem)) && is_one_of(take_last('_', stem), qualities) &&
                    is_one_of(take_last('_', stem), viewpoints) &&
                    take_last('_', stem).starts_with("np") &&
                    is_one_of(take_last('_', stem), motions) && take_last('_', stem).size() == 1;
  const std::string mark = std::string("_").append(label);
  if (!fits || !stem.ends_with(mark) || stem.size() == mark.size()) return {};
  return std::string(label).append("_").append(stem.substr(0, stem.size() - mark.size()));
}

}  // namespace

std::string group_from_name(const std::filesystem::path& clip, std::string_view label) {
  // Only these endings end a name: a folder of frames has none, and dots of its own.
  const std::string name = clip.filename().string();
  const std::string stem = clip.stem().string();
  for (const std::string& candidate : {stem, name}) {
    if (auto group = ucf101_group(candidate, label); !group.empty()) return group;
    if (auto group = hmdb51_group(candidate, label); !group.empty()) return group;
  }
  return {};
}

}  // namespace vidclass::dataset
