#include <string>

#include "core/atomic_file.hpp"
#include "core/csv.hpp"
#include "core/format.hpp"
#include "dataset/layouts.hpp"
#include "dataset/manifest.hpp"
#include "dataset/seconds.hpp"

namespace fs = std::filesystem;

namespace vidclass::dataset {
namespace {

// The clip itself may be a link whose name matters, so only its folder is resolved.
fs::path resolved(const fs::path& path) {
  const fs::path absolute = fs::absolute(path);
  return fs::weakly_canonical(absolute.parent_path()) / absolute.filename();
}

fs::path top_of(const fs::path& absolute) {
  const fs::path below_root = absolute.relative_path();
  return below_root.empty() ? fs::path() : *below_root.begin();
}

fs::path as_seen_from(const fs::path& folder, const fs::path& clip) {
  const fs::path target = resolved(clip);
  // A way up to the root and down again is of no use when the folder is moved.
  return top_of(folder) == top_of(target) ? target.lexically_relative(folder) : target;
}

}  // namespace

void write_csv(const fs::path& path, const Manifest& manifest) {
  const fs::path folder = resolved(path).parent_path();
  auto sorted = manifest.labels;
  sort_labels(sorted);
  const bool numbered = sorted != manifest.labels;
  std::string text = "path,label,group,split,start,end";
  text += numbered ? ",number\n" : "\n";
  for (const Clip& clip : manifest.clips) {
    text += format("{},{},{},{},{},{}", csv_field(as_seen_from(folder, clip.path).generic_string()),
                   csv_field(manifest.labels.at(clip.label)), csv_field(clip.group),
                   to_string(clip.split), clip.start > 0 ? seconds_text(clip.start) : "",
                   clip.end ? seconds_text(*clip.end) : "");
    if (numbered) text += format(",{}", clip.label);
    text += '\n';
  }
  write_file_atomically(path, text);
}

}  // namespace vidclass::dataset
