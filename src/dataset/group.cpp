#include "dataset/group.hpp"

#include "vidclass/core/text.hpp"

namespace vidclass::dataset {

std::string group_from_name(const std::filesystem::path& clip, std::string_view label) {
  const std::string stem = clip.stem().string();
  const auto clip_mark = stem.rfind("_c");
  if (clip_mark == std::string::npos || clip_mark == 0) return {};
  if (!is_digits(std::string_view(stem).substr(clip_mark + 2))) return {};
  const auto group_mark = stem.rfind("_g", clip_mark - 1);
  if (group_mark == std::string::npos) return {};
  const auto number = std::string_view(stem).substr(group_mark + 2, clip_mark - group_mark - 2);
  if (!is_digits(number)) return {};
  return std::string(label).append("_g").append(number);
}

}  // namespace vidclass::dataset
