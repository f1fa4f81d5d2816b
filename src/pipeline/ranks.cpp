#include "pipeline/ranks.hpp"

#include <map>
#include <vector>

#include "pipeline/content.hpp"
#include "pipeline/gather.hpp"

namespace vidclass::pipeline {

Hooks hooks_of(bool first, const Hooks& hooks) {
  Hooks result = hooks;
  if (!first) result.progress = {};
  return result;
}

void help_to_extract(const dataset::Manifest& manifest, const features::ExtractOptions& given,
                     bool faded, const Hooks& hooks) {
  features::ExtractOptions options = options_for(manifest, given);
  if (options.array_width > 0 || options.cache_dir.empty()) return;
  std::map<dataset::Split, std::vector<video::ClipSource>> clips_of;
  for (const dataset::Clip& clip : manifest.clips) clips_of[clip.split].push_back(clip.source());
  options.calibration_clips = clips_of[dataset::Split::train];
  const auto extract = [&](const features::ExtractOptions& how, dataset::Split split) {
    // Clips that cannot be used are told by the rank that gathers all.
    (void)features::Extractor(how, hooks.progress, hooks.cancel)
        .extract(
            clips_of[split], [](std::size_t, const auto&) {}, hooks.progress, hooks.cancel);
  };
  features::ExtractOptions testing = options;
  testing.clip = video::for_testing(options.clip);
  extract(options, dataset::Split::train);
  extract(testing, dataset::Split::validation);
  if (!faded) return;
  extract(faded_options(options), dataset::Split::train);
  extract(faded_options(options), dataset::Split::validation);
}

}  // namespace vidclass::pipeline
