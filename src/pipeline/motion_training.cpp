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

// Mirror images help where there are few clips; more rows than this would take long, and much
// memory.
constexpr std::size_t most_rows = 10'000;

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

/// How a classifier is trained.
struct ClassifierSettings {
  /// On mirror images as well; its answer is then the mean over a clip and its mirror image.
  bool mirror = false;
  double strength = strengths[1];
};

struct MotionTraining::Impl {
  std::size_t label_count = 0;
  int threads = 0;
  std::size_t train_clips = 0;
  std::vector<std::size_t> labels;  // of training clips, then of validation clips
  motion::Codebooks codebooks;
  std::vector<std::vector<float>> plain;     // Fisher vectors, one each of `labels`
  std::vector<std::vector<float>> mirrored;  // of mirror images; empty where there are many clips
  ClassifierSettings settings;

  [[nodiscard]] std::vector<const float*> rows(const std::vector<std::size_t>& clips,
                                               bool mirror) const {
    std::vector<const float*> rows;
    for (const std::size_t clip : clips) rows.push_back(plain[clip].data());
    if (!mirror) return rows;
    for (const std::size_t clip : clips) rows.push_back(mirrored[clip].data());
    return rows;
  }

  [[nodiscard]] train::LinearClassifier fit_on(const std::vector<std::size_t>& clips,
                                               const ClassifierSettings& how,
                                               const train::LinearClassifier* start = nullptr,
                                               const CancellationToken& cancel = {}) const {
    const std::vector<const float*> of_clips = rows(clips, how.mirror);
    std::vector<std::size_t> truth;
    for (std::size_t i = 0; i < of_clips.size(); ++i) {
      truth.push_back(labels[clips[i % clips.size()]]);
    }
    return train::fit_logistic_regression(of_clips, plain.front().size(), truth, label_count,
                                          {.strength = how.strength}, cancel, start);
  }

  [[nodiscard]] Tensor answers(const train::LinearClassifier& classifier,
                               const std::vector<std::size_t>& clips, bool mirror) const {
    return train::probabilities(classifier, rows(clips, mirror), mirror ? 2 : 1);
  }

  [[nodiscard]] std::vector<std::size_t> clips_from(std::size_t first, std::size_t last) const {
    std::vector<std::size_t> clips(last - first);
    std::iota(clips.begin(), clips.end(), first);
    return clips;
  }

  /// What was left out of each part in turn, and the mean loss on it.
  struct LeftOut {
    Tensor answers;  // [N, L]
    double loss = 0;
  };
  /// `last`: where to begin, one a part.
  [[nodiscard]] LeftOut leave_out(const std::vector<LeftOutPart>& parts,
                                  const ClassifierSettings& how,
                                  std::vector<std::optional<train::LinearClassifier>>& last,
                                  const CancellationToken& cancel) const {
    std::vector<std::size_t> first_rows;  // of the parts
    std::size_t count = 0;
    for (const LeftOutPart& part : parts) {
      first_rows.push_back(count);
      count += part.outside.size();
    }
    LeftOut found{.answers = Tensor(DType::f32, {count, label_count})};
    std::vector<double> losses(parts.size());
    for_each_index(
        parts.size(), threads,
        [&](std::size_t i) {
          const LeftOutPart& part = parts[i];
          last[i] = fit_on(part.inside, how, last[i] ? &*last[i] : nullptr, cancel);
          const Tensor of_part = answers(*last[i], part.outside, how.mirror);
          const auto values = of_part.data<float>();
          std::copy(values.begin(), values.end(),
                    found.answers.data<float>().subspan(first_rows[i] * label_count).begin());
          for (std::size_t row = 0; row < part.outside.size(); ++row) {
            losses[i] += evaluate::surprise_of(
                static_cast<double>(values[row * label_count + labels[part.outside[row]]]));
          }
        },
        {}, {}, cancel);
    found.loss = std::accumulate(losses.begin(), losses.end(), 0.0) / static_cast<double>(count);
    return found;
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

  const bool mirrors = 2 * clips.size() <= most_rows;
  self.plain.resize(clips.size());
  if (mirrors) self.mirrored.resize(clips.size());
  for_each_index(
      clips.size(), self.threads,
      [&](std::size_t clip) {
        const motion::Description description = description_of(clip);
        self.plain[clip] = motion::fisher_vector(description, self.codebooks);
        if (!mirrors) return;
        self.mirrored[clip] = motion::fisher_vector(motion::mirrored(description), self.codebooks);
      },
      "describe motion", hooks.progress, hooks.cancel);
}
MotionTraining::~MotionTraining() = default;
MotionTraining::MotionTraining(MotionTraining&&) noexcept = default;

double MotionTraining::strength() const noexcept { return impl_->settings.strength; }

Tensor MotionTraining::leave_out(const std::vector<LeftOutPart>& parts,
                                 const CancellationToken& cancel) {
  Impl& self = *impl_;
  Impl::LeftOut best{.answers = {}, .loss = INFINITY};
  for (const bool mirror : {true, false}) {
    if (mirror && self.mirrored.empty()) continue;
    std::vector<std::optional<train::LinearClassifier>> last(parts.size());
    int worse = 0;
    double least = INFINITY;
    for (const double strength : strengths) {
      const ClassifierSettings how{.mirror = mirror, .strength = strength};
      Impl::LeftOut found = self.leave_out(parts, how, last, cancel);
      worse = found.loss < least ? 0 : worse + 1;
      least = std::min(least, found.loss);
      if (found.loss < best.loss) {
        best = std::move(found);
        self.settings = how;
      }
      if (worse == 2) break;
    }
  }
  return std::move(best.answers);
}

Tensor MotionTraining::answers_outside(const LeftOutPart& part) const {
  return impl_->answers(impl_->fit_on(part.inside, impl_->settings), part.outside,
                        impl_->settings.mirror);
}

LeftOutPart MotionTraining::validation_part() const {
  return {.inside = impl_->clips_from(0, impl_->train_clips),
          .outside = impl_->clips_from(impl_->train_clips, impl_->labels.size())};
}

model::MotionStream MotionTraining::fit(bool refit) const {
  const auto clips = impl_->clips_from(0, refit ? impl_->labels.size() : impl_->train_clips);
  return {.codebooks = impl_->codebooks,
          .classifier = impl_->fit_on(clips, impl_->settings),
          .mirror = impl_->settings.mirror,
          .weights = {}};
}

}  // namespace vidclass::pipeline
