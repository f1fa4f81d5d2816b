#include "cli/rank_share.hpp"

#include <map>
#include <vector>

#include "cli/content.hpp"
#include "cli/data_job.hpp"

namespace vidclass::cli {

Context context_of(bool first, const Context& context) {
  Context result = context;
  if (!first) result.progress = {};
  return result;
}

void help_to_extract(const dataset::Manifest& manifest, const features::ExtractOptions& given,
                     bool faded, const Context& context) {
  features::ExtractOptions options = options_for(manifest, given);
  if (options.array_width > 0 || options.cache_dir.empty()) return;
  std::map<dataset::Split, std::vector<video::ClipSource>> clips_of;
  for (const dataset::Clip& clip : manifest.clips) clips_of[clip.split].push_back(clip.source());
  options.calibration_clips = clips_of[dataset::Split::train];
  const auto extract = [&](const features::ExtractOptions& how, dataset::Split split) {
    // Clips that cannot be used are told by the rank that gathers all.
    (void)features::Extractor(how, context.progress, context.cancel)
        .extract(
            clips_of[split], [](std::size_t, const auto&) {}, context.progress, context.cancel);
  };
  features::ExtractOptions testing = options;
  testing.clip = video::for_testing(options.clip);
  extract(options, dataset::Split::train);
  extract(testing, dataset::Split::validation);
  if (!faded) return;
  extract(faded_look(options), dataset::Split::train);
  extract(faded_look(options), dataset::Split::validation);
}

}  // namespace vidclass::cli
