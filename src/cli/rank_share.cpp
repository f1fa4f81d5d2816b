#include "cli/rank_share.hpp"

#include "cli/content.hpp"
#include "cli/data_job.hpp"

namespace vidclass::cli {

Context context_of(bool first, const Context& context) {
  Context result = context;
  if (!first) result.progress = {};
  return result;
}

void help_to_extract(const dataset::Manifest& manifest, const features::ExtractOptions& given,
                     const Context& context) {
  const features::ExtractOptions options = options_for(manifest, given);
  if (options.array_width > 0 || options.cache_dir.empty()) return;
  for (const auto split : {dataset::Split::train, dataset::Split::validation}) {
    features::ExtractOptions how = options;
    if (split == dataset::Split::validation) how.clip = video::for_testing(options.clip);
    std::vector<video::ClipSource> sources;
    for (const dataset::Clip& clip : manifest.clips) {
      if (clip.split == split) sources.push_back(clip.source());
      if (clip.split == dataset::Split::train) how.calibration_clips.push_back(clip.source());
    }
    // Clips that cannot be used are told by the rank that gathers all.
    (void)features::Extractor(how, context.progress, context.cancel)
        .extract(
            sources, [](std::size_t, const auto&) {}, context.progress, context.cancel);
  }
}

}  // namespace vidclass::cli
