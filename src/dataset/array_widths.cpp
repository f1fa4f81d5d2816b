#include "dataset/array_widths.hpp"

#include "core/feature_array.hpp"
#include "core/format.hpp"
#include "vidclass/error.hpp"

namespace vidclass::dataset {

std::vector<std::string> warnings_about_widths(const Manifest& manifest,
                                               const std::vector<std::string>& reasons) {
  if (manifest.content != Content::arrays) return {};
  const Clip* first = nullptr;
  std::size_t width = 0;
  std::size_t others = 0;
  std::string example;
  for (std::size_t i = 0; i < manifest.clips.size(); ++i) {
    if (!reasons[i].empty()) continue;
    const Clip& clip = manifest.clips[i];
    std::size_t found = 0;
    try {
      found = feature_array_shape(clip.path).width;
    } catch (const ClipError&) {
      continue;  // changed since it was looked at
    }
    if (first == nullptr) {
      first = &clip;
      width = found;
    } else if (found != width && others++ == 0) {
      example = format("{} has {}", clip.path.string(), found);
    }
  }
  if (others == 0) return {};
  return {
      format("the feature arrays differ in features a frame, and cannot be trained on together: "
             "{} has {}, {}",
             first->path.string(), width, example)};
}

}  // namespace vidclass::dataset
