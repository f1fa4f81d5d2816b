#include "classify/classifier.hpp"

#include <optional>
#include <utility>
#include <vector>

#include "classify/heads.hpp"
#include "classify/match.hpp"
#include "core/stopwatch.hpp"
#include "vidclass/error.hpp"

namespace vidclass::classify {
namespace {

// As many as the heads take at once; their features need little memory.
constexpr std::size_t sequences_at_once = 64;
// Seconds that results are kept waiting for more.
constexpr double longest_wait = 0.5;

/// Results, handed on in the order of the clips, whatever the order in which they become known.
class Results {
public:
  Results(std::span<const video::ClipSource> clips, const Classifier::Consumer& consumer)
      : results_(clips.size()), known_(clips.size()), consumer_(consumer) {
    for (std::size_t i = 0; i < clips.size(); ++i) results_[i].path = clips[i].path;
  }

  void settle(std::size_t clip, ClipResult result) {
    result.path = std::move(results_[clip].path);
    results_[clip] = std::move(result);
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

/// Clips whose features are known and whose probabilities are not yet.
class Batch {
public:
  Batch(Heads& heads, Results& results) : heads_(heads), results_(results) {}

  void add(std::size_t clip, OpenQuestion question) {
    sequences_ += question.sequences.size();
    clips_.push_back(clip);
    questions_.push_back(std::move(question));
    if (sequences_ >= sequences_at_once || since_.seconds() >= longest_wait) run();
  }

  void run() {
    since_ = {};
    heads_.answer(questions_);
    for (std::size_t i = 0; i < clips_.size(); ++i) {
      results_.settle(clips_[i], std::move(questions_[i].result));
    }
    sequences_ = 0;
    clips_.clear();
    questions_.clear();
  }

private:
  Heads& heads_;
  Results& results_;
  std::size_t sequences_ = 0;
  std::vector<std::size_t> clips_;  // one each of questions_
  std::vector<OpenQuestion> questions_;
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
    heads.emplace(trained, options.threads);
  }

  bool follow;
  model::Model trained;
  features::Extractor extractor;
  std::optional<Heads> heads;
};

Classifier::Classifier(model::Model model, const ClassifierOptions& options,
                       const ProgressFunction& progress, const CancellationToken& cancel)
    : impl_(std::make_unique<Impl>(std::move(model), options, progress, cancel)) {}
Classifier::~Classifier() = default;

const model::Model& Classifier::model() const noexcept { return impl_->trained; }

void Classifier::classify_each(std::span<const video::ClipSource> clips, const Consumer& consumer,
                               const ProgressFunction& progress, const CancellationToken& cancel) {
  Results results(clips, consumer);
  Batch batch(*impl_->heads, results);
  const auto add = [&](std::size_t clip, features::ClipFeatures features) {
    batch.add(clip, impl_->heads->ask(std::move(features), impl_->follow));
  };
  const auto reject = [&](std::size_t clip, const features::RejectedClip& why) {
    ClipResult result;
    result.error = why.reason;
    results.settle(clip, std::move(result));
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
