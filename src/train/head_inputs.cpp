#include "train/head_inputs.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "core/parallel.hpp"
#include "train/mixture.hpp"
#include "train/moments.hpp"
#include "train/pooled_features.hpp"

namespace vidclass::train {
namespace {

using head::HeadKind;
using head::HeadSpec;

/// Of clips' moments those of some of the transforms.
class SomeMoments final : public FeatureSource {
public:
  SomeMoments(std::shared_ptr<const FeatureSource> all, const HeadSpec& of_all,
              const Transforms& wanted)
      : all_(std::move(all)) {
    for (const head::Transform transform : wanted) {
      std::size_t first = 0;
      for (const head::Transform other : of_all.transforms) {
        const std::size_t count = head::moments_of(other) * head::width_of(other, of_all);
        if (other == transform) parts_.push_back({first, count});
        first += count;
      }
    }
  }

  [[nodiscard]] std::size_t size() const noexcept override { return all_->size(); }
  [[nodiscard]] std::shared_ptr<const Tensor> features(std::size_t clip) const override {
    const auto all = all_->features(clip);
    std::vector<float> some;
    for (const auto& [first, count] : parts_) {
      const auto part = all->data<float>().subspan(first, count);
      some.insert(some.end(), part.begin(), part.end());
    }
    return std::make_shared<const Tensor>(Tensor::from<float>({1, some.size()}, some));
  }

private:
  std::shared_ptr<const FeatureSource> all_;
  std::vector<std::pair<std::size_t, std::size_t>> parts_;  // first, count
};

/// Keeps what is made of clips, each of which is read once.
class Makers {
public:
  /// What is not wanted is null, here and in what is handed to `make`.
  using Make = std::function<void(const Tensor& clip, Tensor* frames, Tensor* moments)>;
  Makers(HeadInput* frames, HeadInput* moments) : wanted_{frames, moments} {}

  void run(const LabelledFeatures& train, const LabelledFeatures& validation, const Make& make,
           int threads, const Room& room, const Hooks& hooks) {
    if (wanted_[0] == nullptr && wanted_[1] == nullptr) return;
    for (HeadInput* input : wanted_) {
      if (input != nullptr) *input = {train, validation};
    }
    const auto run_one = [&](const Source& source, Source LabelledFeatures::*version,
                             LabelledFeatures HeadInput::*part) {
      if (source) run_source(source, version, part, make, threads, room, hooks);
    };
    run_one(train.clips, &LabelledFeatures::clips, &HeadInput::train);
    run_one(train.augmented, &LabelledFeatures::augmented, &HeadInput::train);
    run_one(validation.clips, &LabelledFeatures::clips, &HeadInput::validation);
  }

private:
  using Source = std::shared_ptr<const FeatureSource>;

  void run_source(const Source& source, Source LabelledFeatures::*version,
                  LabelledFeatures HeadInput::*part, const Make& make, int threads,
                  const Room& room, const Hooks& hooks) {
    constexpr std::size_t many = 1000;
    // Each of up to six that are kept has its share of the memory.
    Room of_one = room;
    of_one.most_in_memory /= 6;
    FeatureKeeper frames(source->size(), of_one), moments(source->size(), of_one);
    for_each_index(
        source->size(), thread_count(threads),
        [&](std::size_t clip) {
          Tensor of_frames, of_moments;
          make(*source->features(clip), wanted_[0] != nullptr ? &of_frames : nullptr,
               wanted_[1] != nullptr ? &of_moments : nullptr);
          if (wanted_[0] != nullptr) frames.add(clip, std::move(of_frames));
          if (wanted_[1] != nullptr) moments.add(clip, std::move(of_moments));
        },
        "read features", source->size() < many ? ProgressFunction() : hooks.progress, hooks.cancel);
    if (wanted_[0] != nullptr) (wanted_[0]->*part).*version = frames.finish();
    if (wanted_[1] != nullptr) (wanted_[1]->*part).*version = moments.finish();
  }

  std::array<HeadInput*, 2> wanted_;  // frames, moments
};

bool has_gru(std::span<const HeadSpec> heads) {
  return std::any_of(heads.begin(), heads.end(),
                     [](const HeadSpec& head) { return head.kind == HeadKind::gru; });
}

HeadInput pooled(HeadInput input, std::size_t width) {
  for (LabelledFeatures* part : {&input.train, &input.validation}) {
    if (part->frames_drawn == 0 && !part->augmented) {
      part->clips = pooled_over_time(*part->clips, width);
    }
  }
  return input;
}

/// One that reads all that any of the `moments` among the heads reads; nothing without one.
std::optional<HeadSpec> all_moments(std::span<const HeadSpec> heads) {
  std::optional<HeadSpec> all;
  for (const HeadSpec& head : heads) {
    if (head.kind != HeadKind::moments) continue;
    if (!all) all = head;
    for (const head::Transform transform : head.transforms) {
      if (std::find(all->transforms.begin(), all->transforms.end(), transform) ==
          all->transforms.end()) {
        all->transforms.push_back(transform);
      }
    }
  }
  return all;
}

}  // namespace

HeadInputs::HeadInputs(const LabelledFeatures& train, const LabelledFeatures& validation,
                       std::span<const HeadSpec> heads, std::size_t components, std::uint64_t seed,
                       int threads, const Room& room, const Hooks& hooks)
    : features_{train, validation} {
  if (components > 0 && head::reads_transforms(heads.front().kind)) {
    axes_ = find_axes(train, heads.front(), components, seed, threads);
  }
  moments_ = all_moments(heads);
  if (moments_) moments_ = trained(*moments_);
  const bool keeps_moments = moments_ && train.frames_drawn == 0;
  const bool keeps_frames = axes_ && (!keeps_moments || has_gru(heads));
  std::optional<AlongAxes> project;
  if (axes_) project.emplace(*axes_, heads.front());
  Makers makers(keeps_frames ? &along_axes_ : nullptr, keeps_moments ? &kept_moments_ : nullptr);
  makers.run(
      train, validation,
      [&](const Tensor& clip, Tensor* frames, Tensor* moments) {
        const Tensor* read = &clip;
        Tensor along;
        if (project) {
          along = (*project)(clip);
          read = &along;
        }
        if (moments != nullptr) *moments = moments_over_time(*read, *moments_);
        if (frames != nullptr) *frames = std::move(along);
      },
      threads, room, hooks);
}

bool HeadInputs::reads_axes(const HeadSpec& head) const noexcept {
  return axes_ && head::reads_transforms(head.kind);
}

HeadInput HeadInputs::of(const HeadSpec& head) const {
  if (head.kind == HeadKind::mean) return pooled(features_, head.features);
  HeadInput frames = reads_axes(head) ? along_axes_ : features_;
  if (head.kind != HeadKind::moments) return frames;
  if (!kept_moments_.train.clips) {
    frames.train.make = frames.validation.make = [trained = trained(head)](const Tensor& clip) {
      return moments_over_time(clip, trained);
    };
    return frames;
  }
  if (head.transforms == moments_->transforms) return kept_moments_;
  HeadInput some = kept_moments_;
  for (auto* source : {&some.train.clips, &some.train.augmented, &some.validation.clips}) {
    if (*source) *source = std::make_shared<SomeMoments>(*source, *moments_, head.transforms);
  }
  return some;
}

HeadSpec HeadInputs::trained(const HeadSpec& head) const {
  return reads_axes(head) ? along_axes(head, *axes_) : head;
}

head::Head HeadInputs::finished(NamedTensors parameters, HeadSpec head) const {
  if (reads_axes(head) && !parameters.empty()) {
    head.axes = axes_->last.dim(1);
    parameters["axes/last"] = axes_->last;
    if (head.middle > 0) {
      head.middle_axes = axes_->middle.dim(1);
      parameters["axes/middle"] = axes_->middle;
    }
  }
  return {std::move(head), std::move(parameters)};
}

}  // namespace vidclass::train
