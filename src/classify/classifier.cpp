#include "classify/classifier.hpp"

#include <utility>

#include "classify/match.hpp"
#include "classify/network.hpp"
#include "head/runner.hpp"
#include "vidclass/error.hpp"

namespace vidclass::classify {
namespace {

// As many as the heads take at once; their features need little memory.
constexpr std::size_t sequences_at_once = 64;

features::ExtractOptions extract_options(const model::Model& model,
                                         const ClassifierOptions& options) {
  features::ExtractOptions result;
  if (model.backbone == features::arrays_backbone) {
    result.array_width = model.baseline.spec.features;
    return result;
  }
  result.backbone = network_options(model, options);
  result.clip = model.clip;
  result.clip.clips = options.clips;
  result.cache_dir = options.cache_dir;
  result.limits = options.limits;
  return result;
}

/// The probabilities after the first 1 to T of a clip's frames.
Tensor probabilities_so_far(head::HeadRunner& heads, const Tensor& features) {
  const std::size_t frames = features.dim(0);
  const std::size_t width = features.dim(1);
  std::vector<Tensor> starts;
  for (std::size_t count = 1; count <= frames; ++count) {
    starts.push_back(
        Tensor::from<float>({count, width}, features.data<float>().subspan(0, count * width)));
  }
  return heads.probabilities(starts);
}

void add_row(const Tensor& probabilities, std::size_t row, float weight, std::vector<float>& sum) {
  const std::size_t width = probabilities.dim(1);
  const auto values = probabilities.data<float>().subspan(row * width, width);
  sum.resize(width);
  for (std::size_t i = 0; i < width; ++i) sum[i] += weight * values[i];
}

/// Clips whose features are known and whose probabilities are not yet.
class Batch {
public:
  Batch(head::HeadRunner& heads, head::HeadRunner& baseline, std::vector<ClipResult>& results)
      : heads_(heads), baseline_(baseline), results_(results) {}

  /// The mean over `sequences` becomes the clip's result.
  void add(std::size_t clip, std::vector<Tensor> sequences) {
    const float weight = 1.0F / static_cast<float>(sequences.size());
    for (Tensor& features : sequences) {
      shares_.push_back({clip, weight});
      features_.push_back(std::move(features));
      if (features_.size() == sequences_at_once) run();
    }
  }

  void run() {
    if (features_.empty()) return;
    const Tensor probabilities = heads_.probabilities(features_);
    const Tensor baseline = baseline_.probabilities(features_);
    for (std::size_t i = 0; i < shares_.size(); ++i) {
      ClipResult& result = results_[shares_[i].clip];
      add_row(probabilities, i, shares_[i].weight, result.probabilities);
      add_row(baseline, i, shares_[i].weight, result.baseline);
    }
    shares_.clear();
    features_.clear();
  }

private:
  head::HeadRunner& heads_;
  head::HeadRunner& baseline_;
  std::vector<ClipResult>& results_;
  struct Share {
    std::size_t clip = 0;
    float weight = 1;
  };
  std::vector<Share> shares_;  // one each of features_
  std::vector<Tensor> features_;
};

}  // namespace

struct Classifier::Impl {
  Impl(model::Model model, const ClassifierOptions& options, const ProgressFunction& progress,
       const CancellationToken& cancel)
      : follow(options.follow),
        trained(std::move(model)),
        extractor(extract_options(trained, options), progress, cancel) {
    check_match(trained, extractor.settings().backbone);
    heads.emplace(trained.heads, options.threads);
    baseline.emplace(head::Ensemble{trained.baseline}, options.threads);
  }

  bool follow;
  model::Model trained;
  features::Extractor extractor;
  std::optional<head::HeadRunner> heads;
  std::optional<head::HeadRunner> baseline;
};

Classifier::Classifier(model::Model model, const ClassifierOptions& options,
                       const ProgressFunction& progress, const CancellationToken& cancel)
    : impl_(std::make_unique<Impl>(std::move(model), options, progress, cancel)) {}
Classifier::~Classifier() = default;

const model::Model& Classifier::model() const noexcept { return impl_->trained; }

std::vector<ClipResult> Classifier::classify(std::span<const video::ClipSource> clips,
                                             const ProgressFunction& progress,
                                             const CancellationToken& cancel) {
  std::vector<ClipResult> results(clips.size());
  for (std::size_t i = 0; i < clips.size(); ++i) results[i].path = clips[i].path;

  Batch batch(*impl_->heads, *impl_->baseline, results);
  const auto report = impl_->extractor.extract(
      clips,
      [&](std::size_t clip, features::ClipFeatures features) {
        const auto times = features.at("times").data<double>();
        results[clip].times = {times.begin(), times.end()};
        std::vector<Tensor> sequences = features::joined_views(std::move(features));
        if (impl_->follow && sequences.size() == 1) {
          results[clip].so_far = probabilities_so_far(*impl_->heads, sequences[0]);
        }
        batch.add(clip, std::move(sequences));
      },
      progress, cancel);
  batch.run();

  // Both lists are in the order of the clips.
  auto rejected = report.unusable.begin();
  for (ClipResult& result : results) {
    if (result.probabilities.empty()) result.error = (rejected++)->reason;
  }
  return results;
}

}  // namespace vidclass::classify
