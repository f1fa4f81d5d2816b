#include "vidclass/classifier.hpp"

#include "api/requests.hpp"
#include "classify/ranked.hpp"
#include "pipeline/content.hpp"
#include "vidclass/error.hpp"

namespace vidclass {

struct Classifier::Impl {
  Impl(const std::filesystem::path& file, const ClassifierOptions& options, const Hooks& hooks)
      : path(file),
        classifier(model::read(file), api::classifier_options(options), hooks.progress,
                   hooks.cancel) {}

  std::filesystem::path path;
  classify::Classifier classifier;
};

std::vector<LabelProbability> Prediction::top(std::size_t count) const {
  std::vector<LabelProbability> best;
  for (const classify::RankedLabel& each : classify::ranked(probabilities, count)) {
    best.push_back({labels[each.label], each.probability});
  }
  return best;
}

Classifier::Classifier(const std::filesystem::path& model, const ClassifierOptions& options,
                       const Hooks& hooks)
    : impl_(std::make_unique<Impl>(model, options, hooks)) {}
Classifier::~Classifier() = default;
Classifier::Classifier(Classifier&&) noexcept = default;
Classifier& Classifier::operator=(Classifier&&) noexcept = default;

const std::vector<std::string>& Classifier::labels() const noexcept {
  return impl_->classifier.model().labels;
}

Prediction Classifier::classify(const ClipSource& clip) {
  Prediction prediction = std::move(classify(std::span(&clip, 1)).front());
  if (!prediction.error.empty()) throw ClipError(clip.path, prediction.error);
  return prediction;
}

std::vector<Prediction> Classifier::classify(std::span<const ClipSource> clips,
                                             const Hooks& hooks) {
  for (const ClipSource& clip : clips) {
    if (!clip.in_memory()) pipeline::require_fit(impl_->classifier.model(), impl_->path, clip.path);
  }
  std::vector<Prediction> predictions;
  for (classify::ClipResult& result :
       impl_->classifier.classify(clips, hooks.progress, hooks.cancel)) {
    predictions.push_back({.labels = labels(),
                           .probabilities = std::move(result.probabilities),
                           .appearance = std::move(result.appearance),
                           .motion = std::move(result.motion),
                           .novelty = result.novelty,
                           .motion_weight = result.motion_weight,
                           .times = std::move(result.times),
                           .error = std::move(result.error)});
  }
  return predictions;
}

}  // namespace vidclass
