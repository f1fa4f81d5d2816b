#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "core/format.hpp"
#include "core/text.hpp"
#include "dataset/group.hpp"
#include "dataset/layouts.hpp"
#include "dataset/manifest.hpp"
#include "vidclass/error.hpp"

namespace vidclass::dataset {
namespace {

/// Throws UsageError for a span that is none and for a clip that comes twice.
void require_clips_apart(const Manifest& manifest) {
  std::set<std::tuple<std::filesystem::path, double, std::optional<double>>> seen;
  for (const Clip& clip : manifest.clips) {
    // Written so that what is no number is refused, too.
    if (!(clip.start >= 0) || (clip.end && !(*clip.end > clip.start))) {
      throw UsageError(format("{}: {} starts at {} s and ends at {} s, which is no span",
                              manifest.source.string(), clip.path.string(), clip.start,
                              clip.end.value_or(clip.start)));
    }
    if (!seen.emplace(clip.path.lexically_normal(), clip.start, clip.end).second) {
      throw UsageError(
          format("{}: {} is listed twice", manifest.source.string(), clip.path.string()));
    }
  }
}

void set_given_labels(Manifest& manifest, const std::vector<std::string>& label_of_each,
                      const std::vector<std::string>& labels) {
  std::map<std::string, std::size_t> place_of;
  for (const std::string& label : labels) {
    if (!place_of.emplace(label, place_of.size()).second) {
      throw UsageError(format("{}: the label {} stands twice among the labels",
                              manifest.source.string(), in_quotes(label)));
    }
  }
  manifest.labels = labels;
  for (std::size_t i = 0; i < label_of_each.size(); ++i) {
    const auto found = place_of.find(label_of_each[i]);
    if (found == place_of.end()) {
      throw UsageError(format("{}: the label {} of {} is none of {}", manifest.source.string(),
                              in_quotes(label_of_each[i]), manifest.clips[i].path.string(),
                              some_of(labels)));
    }
    manifest.clips[i].label = found->second;
  }
}

void set_groups_from_names(Manifest& manifest) {
  const auto has_group = [](const Clip& clip) { return !clip.group.empty(); };
  if (std::any_of(manifest.clips.begin(), manifest.clips.end(), has_group)) return;
  for (Clip& clip : manifest.clips) {
    clip.group = group_from_name(clip.path, manifest.labels.at(clip.label));
  }
}

}  // namespace

Manifest from_clips(const std::filesystem::path& source, std::vector<Clip> clips,
                    const std::vector<std::string>& label_of_each,
                    const std::vector<std::string>& labels) {
  Manifest manifest;
  manifest.layout = Layout::csv;
  manifest.source = source;
  manifest.clips = std::move(clips);
  for (std::size_t i = 0; i < label_of_each.size(); ++i) {
    if (!label_of_each[i].empty()) continue;
    throw UsageError(
        format("{}: {} has no label", source.string(), manifest.clips[i].path.string()));
  }
  require_clips_apart(manifest);
  if (labels.empty()) {
    set_labels(manifest, label_of_each);
  } else {
    set_given_labels(manifest, label_of_each, labels);
  }
  set_groups_from_names(manifest);
  require_two_classes(manifest, "");
  require_any_file(manifest, ".");
  set_content(manifest);
  return manifest;
}

}  // namespace vidclass::dataset
