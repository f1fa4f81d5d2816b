#include "vidclass/extract.hpp"

#include <utility>

#include "features/entry.hpp"
#include "features/extractor.hpp"
#include "head/head.hpp"
#include "pipeline/feature_options.hpp"
#include "vidclass/error.hpp"

namespace vidclass {

struct FeatureExtractor::Impl {
  Impl(const features::ExtractOptions& options, const Hooks& hooks)
      : extractor(options, hooks.progress, hooks.cancel) {}

  features::Extractor extractor;
};

FeatureExtractor::FeatureExtractor(const FeatureOptions& options, const MachineOptions& machine,
                                   const Hooks& hooks)
    : impl_(std::make_unique<Impl>(pipeline::extract_options(options, machine), hooks)) {}
FeatureExtractor::FeatureExtractor(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
FeatureExtractor::~FeatureExtractor() = default;
FeatureExtractor::FeatureExtractor(FeatureExtractor&&) noexcept = default;
FeatureExtractor& FeatureExtractor::operator=(FeatureExtractor&&) noexcept = default;

FeatureExtractor FeatureExtractor::without_cache(const FeatureOptions& options,
                                                 const MachineOptions& machine,
                                                 const Hooks& hooks) {
  features::ExtractOptions uncached = pipeline::extract_options(options, machine);
  uncached.cache_dir.clear();
  return FeatureExtractor(std::make_unique<Impl>(uncached, hooks));
}

std::size_t FeatureExtractor::width() const noexcept {
  const features::FeatureSettings& settings = impl_->extractor.settings();
  std::size_t sum = 0;
  for (const backbone::Pooling& pooling : backbone::poolings) {
    sum += features::width_of(pooling, settings);
  }
  return sum;
}

std::vector<FeatureBlock> FeatureExtractor::blocks() const {
  std::vector<FeatureBlock> blocks;
  for (const backbone::Pooling& pooling : backbone::poolings) {
    const std::size_t width = features::width_of(pooling, impl_->extractor.settings());
    if (width > 0) blocks.push_back({pooling.name, width});
  }
  return blocks;
}

Tensor FeatureExtractor::extract(const ClipSource& clip) {
  ClipFeatures features = std::move(extract(std::span(&clip, 1)).front());
  if (!features.error.empty()) throw ClipError(clip.path, features.error);
  return std::move(features.values);
}

std::vector<ClipFeatures> FeatureExtractor::extract(std::span<const ClipSource> clips,
                                                    const Hooks& hooks) {
  std::vector<ClipFeatures> found(clips.size());
  std::vector<bool> there(clips.size(), false);
  const features::ExtractReport report = impl_->extractor.extract(
      clips,
      [&](std::size_t clip, features::ClipFeatures arrays) {
        const auto times = arrays.at("times").data<double>();
        found[clip].times.assign(times.begin(), times.end());
        found[clip].values = features::joined_poolings(std::move(arrays));
        there[clip] = true;
      },
      hooks.progress, hooks.cancel);
  // The unusable ones are told in the order given.
  auto unusable = report.unusable.begin();
  for (std::size_t i = 0; i < clips.size(); ++i) {
    if (!there[i]) found[i].error = (unusable++)->reason;
  }
  return found;
}

}  // namespace vidclass
