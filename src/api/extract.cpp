#include "vidclass/extract.hpp"

#include "features/extractor.hpp"
#include "head/head.hpp"
#include "pipeline/feature_options.hpp"
#include "vidclass/error.hpp"

namespace vidclass {

struct FeatureExtractor::Impl {
  Impl(const FeatureOptions& options, const MachineOptions& machine, const Hooks& hooks)
      : extractor(pipeline::extract_options(options, machine), hooks.progress, hooks.cancel) {}

  features::Extractor extractor;
};

FeatureExtractor::FeatureExtractor(const FeatureOptions& options, const MachineOptions& machine,
                                   const Hooks& hooks)
    : impl_(std::make_unique<Impl>(options, machine, hooks)) {}
FeatureExtractor::~FeatureExtractor() = default;
FeatureExtractor::FeatureExtractor(FeatureExtractor&&) noexcept = default;
FeatureExtractor& FeatureExtractor::operator=(FeatureExtractor&&) noexcept = default;

std::size_t FeatureExtractor::width() const noexcept {
  const features::FeatureSettings& settings = impl_->extractor.settings();
  const std::size_t poolings = settings.clip.motion_grid > 0 ? 2 : 1;
  return poolings * (settings.backbone.feature_size + settings.backbone.middle_size);
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
