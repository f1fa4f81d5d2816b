#include "classify/classifier.hpp"

#include <algorithm>
#include <utility>

#include "classify/match.hpp"
#include "classify/network.hpp"
#include "core/stopwatch.hpp"
#include "head/runner.hpp"
#include "motion/cuboids.hpp"
#include "vidclass/error.hpp"

namespace vidclass::classify {
namespace {

// As many as the heads take at once; their features need little memory.
constexpr std::size_t sequences_at_once = 64;
// Seconds that results are kept waiting for more.
constexpr double longest_wait = 0.5;

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
  result.streams.motion = model.motion.has_value();
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

/// What the motion stream says of what has moved by each of `times`: float32 [T, L].
Tensor motion_so_far(const model::MotionStream& motion, const motion::Description& moves,
                     const std::vector<double>& times) {
  Tensor all(DType::f32, {times.size(), motion.classifier.bias.size()});
  auto target = all.data<float>().begin();
  for (const double time : times) {
    const Tensor found = model::probabilities(motion, motion::until(moves, time));
    target = std::copy(found.data<float>().begin(), found.data<float>().end(), target);
  }
  return all;
}

void add_row(const Tensor& probabilities, std::size_t row, float weight, std::vector<float>& sum) {
  const std::size_t width = probabilities.dim(1);
  const auto values = probabilities.data<float>().subspan(row * width, width);
  sum.resize(width);
  for (std::size_t i = 0; i < width; ++i) sum[i] += weight * values[i];
}

/// Results, handed on in the order of the clips, whatever the order in which they become known.
class Results {
public:
  Results(std::span<const video::ClipSource> clips, const Classifier::Consumer& consumer)
      : results_(clips.size()), known_(clips.size()), consumer_(consumer) {
    for (std::size_t i = 0; i < clips.size(); ++i) results_[i].path = clips[i].path;
  }

  [[nodiscard]] ClipResult& of(std::size_t clip) { return results_[clip]; }
  void settle(std::size_t clip) {
    known_[clip] = true;
    while (next_ < known_.size() && known_[next_]) hand_on(next_++);
  }
  /// Those too that come after one that will never be known.
  void hand_on_all_known() {
    for (; next_ < known_.size(); ++next_) {
      if (known_[next_]) hand_on(next_);
    }
  }

private:
  void hand_on(std::size_t clip) { consumer_(std::move(results_[clip])); }

  std::vector<ClipResult> results_;
  std::vector<bool> known_;
  std::size_t next_ = 0;
  const Classifier::Consumer& consumer_;
};

Tensor as_row(const std::vector<float>& probabilities) {
  return Tensor::from<float>({1, probabilities.size()}, probabilities);
}

std::vector<float> values_of(const Tensor& probabilities) {
  const auto values = probabilities.data<float>();
  return {values.begin(), values.end()};
}

/// Joins the heads' probabilities with those of the motion stream, which are there already.
void join_streams(ClipResult& result, const train::StreamWeights& weights) {
  result.appearance = std::move(result.probabilities);
  result.probabilities = values_of(
      train::joined_probabilities(as_row(result.appearance), as_row(result.motion), weights));
}

/// Clips whose features are known and whose probabilities are not yet.
class Batch {
public:
  Batch(head::HeadRunner& heads, head::HeadRunner& baseline,
        const std::optional<model::MotionStream>& motion, Results& results)
      : heads_(heads), baseline_(baseline), motion_(motion), results_(results) {}

  /// The mean over `sequences` becomes the clip's result.
  void add(std::size_t clip, std::vector<Tensor> sequences) {
    const float weight = 1.0F / static_cast<float>(sequences.size());
    for (std::size_t i = 0; i < sequences.size(); ++i) {
      shares_.push_back({clip, weight, i + 1 == sequences.size()});
      features_.push_back(std::move(sequences[i]));
    }
    if (features_.size() >= sequences_at_once || since_.seconds() >= longest_wait) run();
  }

  void run() {
    since_ = {};
    if (features_.empty()) return;
    const Tensor probabilities = heads_.probabilities(features_);
    const Tensor baseline = baseline_.probabilities(features_);
    for (std::size_t i = 0; i < shares_.size(); ++i) {
      ClipResult& result = results_.of(shares_[i].clip);
      add_row(probabilities, i, shares_[i].weight, result.probabilities);
      add_row(baseline, i, shares_[i].weight, result.baseline);
      if (!shares_[i].is_last) continue;
      if (motion_) join_streams(result, motion_->weights);
      results_.settle(shares_[i].clip);
    }
    shares_.clear();
    features_.clear();
  }

private:
  head::HeadRunner& heads_;
  head::HeadRunner& baseline_;
  const std::optional<model::MotionStream>& motion_;
  Results& results_;
  struct Share {
    std::size_t clip = 0;
    float weight = 1;
    bool is_last = true;  // of its clip
  };
  std::vector<Share> shares_;  // one each of features_
  std::vector<Tensor> features_;
  Stopwatch since_;  // the last run
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

void Classifier::classify_each(std::span<const video::ClipSource> clips, const Consumer& consumer,
                               const ProgressFunction& progress, const CancellationToken& cancel) {
  Results results(clips, consumer);
  const std::optional<model::MotionStream>& motion = impl_->trained.motion;
  Batch batch(*impl_->heads, *impl_->baseline, motion, results);
  const auto add = [&](std::size_t clip, features::ClipFeatures features) {
    const auto times = features.at("times").data<double>();
    ClipResult& result = results.of(clip);
    result.times = {times.begin(), times.end()};
    std::optional<motion::Description> moves;
    if (motion) {
      moves = motion::description_from(features);
      result.motion = values_of(model::probabilities(*motion, *moves));
    }
    std::vector<Tensor> sequences = features::joined_views(std::move(features));
    if (impl_->follow && sequences.size() == 1) {
      result.so_far = probabilities_so_far(*impl_->heads, sequences[0]);
      if (motion) {
        result.so_far = train::joined_probabilities(
            result.so_far, motion_so_far(*motion, *moves, result.times), motion->weights);
      }
    }
    batch.add(clip, std::move(sequences));
  };
  const auto reject = [&](std::size_t clip, const std::string& reason) {
    results.of(clip).error = reason;
    results.settle(clip);
  };
  try {
    static_cast<void>(impl_->extractor.extract(clips, add, progress, cancel, reject));
  } catch (const Cancelled&) {
    batch.run();
    results.hand_on_all_known();
    throw;
  }
  batch.run();
}

std::vector<ClipResult> Classifier::classify(std::span<const video::ClipSource> clips,
                                             const ProgressFunction& progress,
                                             const CancellationToken& cancel) {
  std::vector<ClipResult> results;
  results.reserve(clips.size());
  classify_each(
      clips, [&](ClipResult result) { results.push_back(std::move(result)); }, progress, cancel);
  return results;
}

}  // namespace vidclass::classify
