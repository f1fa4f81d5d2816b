#include "pipeline/motion_training.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <optional>
#include <utility>

#include "core/parallel.hpp"
#include "evaluate/score.hpp"
#include "motion/fisher.hpp"
#include "train/logistic_regression.hpp"

namespace vidclass::pipeline {
namespace {

using dataset::Split;

/// From the first on until what was left out fits worse twice in turn.
constexpr double strengths[] = {4, 16, 64, 256, 1024, 4096};

// Of each clip, and of its mirror image: so many in all that the codebook can choose, and no more
// than one clip is to have.
constexpr std::size_t most_sampled = 48'000;
constexpr std::size_t most_of_a_clip = 150;

/// The first `count`, which are a random choice (motion::describe()), with relative places.
motion::Cuboids first_of(const motion::Cuboids& cuboids, std::size_t count) {
  const std::size_t kept = std::min(count, cuboids.size());
  const Tensor places = motion::relative_places(cuboids.places);
  const auto rows = [&](const Tensor& values) {
    const std::size_t width = values.dim(1);
    return Tensor::from<float>({kept, width}, values.data<float>().subspan(0, kept * width));
  };
  return {
      .histograms = rows(cuboids.histograms),
      .places = rows(places),
      .times = {cuboids.times.begin(), cuboids.times.begin() + static_cast<std::ptrdiff_t>(kept)}};
}

Tensor stacked(const std::vector<motion::Cuboids>& clips, Tensor motion::Cuboids::*field,
               std::size_t rows) {
  const std::size_t width = (clips.front().*field).dim(1);
  Tensor all(DType::f32, {rows, width});
  auto target = all.data<float>().begin();
  for (const motion::Cuboids& clip : clips) {
    const auto values = (clip.*field).data<float>();
    target = std::copy(values.begin(), values.end(), target);
  }
  return all;
}

motion::Cuboids stacked(const std::vector<motion::Cuboids>& clips) {
  motion::Cuboids all;
  for (const motion::Cuboids& clip : clips) {
    all.times.insert(all.times.end(), clip.times.begin(), clip.times.end());
  }
  all.histograms = stacked(clips, &motion::Cuboids::histograms, all.size());
  all.places = stacked(clips, &motion::Cuboids::places, all.size());
  return all;
}

}  // namespace

struct MotionTraining::Impl {
  std::size_t label_count = 0;
  int threads = 0;
  std::size_t train_clips = 0;
  std::vector<std::size_t> labels;  // of training clips, then of validation clips
  motion::Codebooks codebooks;
  std::vector<std::vector<float>> plain, mirrored;  // Fisher vectors, one each of `labels`
  double strength = strengths[1];

  [[nodiscard]] std::vector<const float*> rows(const std::vector<std::size_t>& clips) const {
    std::vector<const float*> rows;
    for (const auto* vectors : {&plain, &mirrored}) {
      for (const std::size_t clip : clips) rows.push_back((*vectors)[clip].data());
    }
    return rows;
  }

  [[nodiscard]] train::LinearClassifier fit_on(const std::vector<std::size_t>& clips, double c,
                                               const train::LinearClassifier* start = nullptr,
                                               const CancellationToken& cancel = {}) const {
    std::vector<std::size_t> truth;
    for (int copy = 0; copy < 2; ++copy) {
      for (const std::size_t clip : clips) truth.push_back(labels[clip]);
    }
    return train::fit_logistic_regression(rows(clips), plain.front().size(), truth, label_count,
                                          {.strength = c}, cancel, start);
  }

  /// Of each of `clips`, the mean over the clip and its mirror image.
  [[nodiscard]] Tensor answers(const train::LinearClassifier& classifier,
                               const std::vector<std::size_t>& clips) const {
    const Tensor both = train::probabilities(classifier, rows(clips));
    Tensor mean(DType::f32, {clips.size(), label_count});
    const auto from = both.data<float>();
    auto to = mean.data<float>();
    for (std::size_t i = 0; i < to.size(); ++i) to[i] = (from[i] + from[to.size() + i]) / 2;
    return mean;
  }

  [[nodiscard]] std::vector<std::size_t> clips_from(std::size_t first, std::size_t last) const {
    std::vector<std::size_t> clips(last - first);
    std::iota(clips.begin(), clips.end(), first);
    return clips;
  }
};

MotionTraining::MotionTraining(const DataFeatures& features, std::size_t labels, std::uint64_t seed,
                               int threads, const Hooks& hooks)
    : impl_(std::make_unique<Impl>()) {
  Impl& self = *impl_;
  self.label_count = labels;
  self.threads = thread_count(threads);
  std::vector<std::pair<const features::MotionSource*, std::size_t>> clips;
  for (const Split split : {Split::train, Split::validation}) {
    const SplitFeatures& of_split = features.of(split);
    for (std::size_t i = 0; i < of_split.clips.size(); ++i) {
      clips.emplace_back(of_split.motion.get(), i);
      self.labels.push_back(of_split.data.labels[i]);
    }
    if (split == Split::train) self.train_clips = clips.size();
  }
  const auto description_of = [&](std::size_t clip) {
    return clips[clip].first->description(clips[clip].second);
  };

  const std::size_t of_a_clip =
      std::clamp<std::size_t>(most_sampled / (2 * clips.size()), 4, most_of_a_clip);
  std::array<std::vector<motion::Cuboids>, motion::scale_names.size()> samples;
  for (auto& sample : samples) sample.resize(2 * clips.size());
  for_each_index(
      clips.size(), self.threads,
      [&](std::size_t clip) {
        const motion::Description description = description_of(clip);
        for (std::size_t scale = 0; scale < samples.size(); ++scale) {
          const motion::Cuboids& cuboids = description[scale];
          samples[scale][2 * clip] = first_of(cuboids, of_a_clip);
          samples[scale][2 * clip + 1] = first_of(motion::mirrored(cuboids), of_a_clip);
        }
      },
      "read motion", hooks.progress, hooks.cancel);
  for_each_index(samples.size(), self.threads, [&](std::size_t scale) {
    self.codebooks[scale] = motion::fit_codebook(stacked(samples[scale]), seed);
    samples[scale].clear();
  });
  hooks.cancel.check();

  self.plain.resize(clips.size());
  self.mirrored.resize(clips.size());
  for_each_index(
      clips.size(), self.threads,
      [&](std::size_t clip) {
        const motion::Description description = description_of(clip);
        self.plain[clip] = motion::fisher_vector(description, self.codebooks);
        self.mirrored[clip] = motion::fisher_vector(motion::mirrored(description), self.codebooks);
      },
      "describe motion", hooks.progress, hooks.cancel);
}
MotionTraining::~MotionTraining() = default;
MotionTraining::MotionTraining(MotionTraining&&) noexcept = default;

double MotionTraining::strength() const noexcept { return impl_->strength; }

Tensor MotionTraining::leave_out(const std::vector<LeftOutPart>& parts,
                                 const CancellationToken& cancel) {
  Impl& self = *impl_;
  const std::size_t width = self.label_count;
  std::vector<std::optional<train::LinearClassifier>> last(parts.size());
  Tensor best;
  double least = INFINITY;
  int worse = 0;
  for (const double c : strengths) {
    Tensor found(DType::f32, {self.labels.size(), width});
    std::vector<double> losses(parts.size());
    std::size_t left_out = 0;
    for (const LeftOutPart& part : parts) left_out += part.outside.size();
    for_each_index(
        parts.size(), self.threads,
        [&](std::size_t i) {
          const LeftOutPart& part = parts[i];
          last[i] = self.fit_on(part.inside, c, last[i] ? &*last[i] : nullptr, cancel);
          const Tensor answers = self.answers(*last[i], part.outside);
          for (std::size_t row = 0; row < part.outside.size(); ++row) {
            const auto values = answers.data<float>().subspan(row * width, width);
            std::copy(values.begin(), values.end(),
                      found.data<float>().begin() +
                          static_cast<std::ptrdiff_t>(part.outside[row] * width));
            losses[i] +=
                evaluate::surprise_of(static_cast<double>(values[self.labels[part.outside[row]]]));
          }
        },
        {}, {}, cancel);
    const double loss =
        std::accumulate(losses.begin(), losses.end(), 0.0) / static_cast<double>(left_out);
    if (loss < least) {
      least = loss;
      best = std::move(found);
      self.strength = c;
      worse = 0;
    } else if (++worse == 2) {
      break;
    }
  }
  return best;
}

Tensor MotionTraining::answers_outside(const LeftOutPart& part) const {
  return impl_->answers(impl_->fit_on(part.inside, impl_->strength), part.outside);
}

LeftOutPart MotionTraining::validation_part() const {
  return {.inside = impl_->clips_from(0, impl_->train_clips),
          .outside = impl_->clips_from(impl_->train_clips, impl_->labels.size())};
}

model::MotionStream MotionTraining::fit(bool refit) const {
  const auto clips = impl_->clips_from(0, refit ? impl_->labels.size() : impl_->train_clips);
  return {.codebooks = impl_->codebooks,
          .classifier = impl_->fit_on(clips, impl_->strength),
          .weights = {}};
}

}  // namespace vidclass::pipeline
