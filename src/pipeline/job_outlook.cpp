#include "pipeline/job_outlook.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include "core/content_hashes.hpp"
#include "core/format.hpp"
#include "core/parallel.hpp"
#include "core/progress.hpp"
#include "core/random.hpp"
#include "core/stopwatch.hpp"
#include "core/text.hpp"
#include "dataset/contents.hpp"
#include "dataset/near_duplicates.hpp"
#include "pipeline/choose_ensemble.hpp"
#include "pipeline/content.hpp"
#include "pipeline/scenes.hpp"
#include "vidclass/error.hpp"

namespace vidclass::pipeline {
namespace {

using dataset::Split;
using video::ClipSource;

// Of a core with AVX2: too little of the whole to be sampled.
constexpr double seconds_of_moving = 0.055;  // of a clip: its Fisher vectors and classifiers
constexpr double seconds_of_page = 0.02;     // of a clip to test with

/// Some of them, spread over all.
std::vector<ClipSource> spread(const std::vector<ClipSource>& clips, std::size_t count) {
  std::vector<ClipSource> some;
  for (std::size_t i = 0; i < count; ++i) some.push_back(clips[i * clips.size() / count]);
  return some;
}

/// To extract those that lack in the cache; the first few are extracted for it.
double seconds_to_extract(features::Extractor& extractor, const std::vector<ClipSource>& clips,
                          const Hooks& hooks) {
  std::vector<ClipSource> missing;
  for (const std::size_t i : extractor.missing(clips, {}, hooks.cancel)) {
    missing.push_back(clips[i]);
  }
  constexpr std::size_t sampled = 9;
  if (missing.size() <= 2 * sampled) return 0;
  std::vector<ClipSource> sample = spread(missing, sampled);
  const auto extract = [&](std::span<const ClipSource> some) {
    extractor.extract(
        some, [](std::size_t, const features::ClipFeatures&) {}, {}, hooks.cancel);
  };
  // The first one waits for the network to be compiled.
  extract({sample.data(), 1});
  const Stopwatch watch;
  extract({sample.data() + 1, sampled - 1});
  return watch.seconds() / (sampled - 1) * static_cast<double>(missing.size() - sampled);
}

/// To decode those whose fingerprints lack.
double seconds_to_fingerprint(const Job& job, int threads, const Hooks& hooks) {
  ContentHashes hashes(job.features.cache_dir);
  const auto contents = dataset::contents_of(job.manifest, hashes, dataset::Contents::of_all,
                                             threads, {}, hooks.cancel);
  hashes.save();
  const dataset::FingerprintStore store(dataset::fingerprint_dir(job.features.cache_dir));
  std::vector<std::size_t> missing;
  for (std::size_t i = 0; i < contents.of_clips.size(); ++i) {
    if (!contents.of_clips[i].empty() && !store.has(contents.of_clips[i])) missing.push_back(i);
  }
  constexpr std::size_t sampled = 8;
  if (missing.size() <= 2 * sampled) return 0;
  const Stopwatch watch;
  for_each_index(
      sampled, threads,
      [&](std::size_t i) {
        const std::size_t clip = missing[i * missing.size() / sampled];
        try {
          static_cast<void>(store.obtain(contents.of_clips[clip], job.manifest.clips[clip].source(),
                                         hooks.cancel, job.features.limits));
        } catch (const ClipError&) {
          // Told of by whoever needs the clip.
        }
      },
      {}, {}, hooks.cancel);
  return watch.seconds() / sampled * static_cast<double>(missing.size() - sampled);
}

/// How long heads take for a clip in an epoch, by a few steps on features that are made up.
class TrainingPace {
public:
  TrainingPace(const Job& job, const features::FeatureSettings& settings)
      : job_(job), frames_(video::most_frames(job.features.clip)) {
    features_.settings = settings;
    set_sizes(spec_, features_, job.manifest.labels.size());
    const std::size_t width = head::input_width(spec_);
    data_.train = made_up(clips_, width);
    data_.validation = made_up(clips_ / 4, width);
  }

  [[nodiscard]] const head::HeadSpec& spec() const noexcept { return spec_; }

  /// Of all members together. `clips`: of the training to come, which tells its recipe.
  [[nodiscard]] double seconds(train::TrainOptions options, std::size_t clips) const {
    options.components = train::components_for(options, clips);
    options.checkpoints = {};
    const auto seconds_of = [&](int epochs) {
      options.epochs = epochs;
      const Stopwatch watch;
      static_cast<void>(train_on(data_, features_, job_.manifest.labels.size(), options, {}));
      return watch.seconds();
    };
    // What is done once does not grow with the epochs.
    constexpr int epochs = 3;
    const double once = seconds_of(1);
    return std::max(0.0, seconds_of(epochs) - once) / (epochs - 1) / static_cast<double>(clips_);
  }

private:
  [[nodiscard]] train::LabelledFeatures made_up(std::size_t clips, std::size_t width) const {
    const auto source = [&](std::size_t frames) {
      Random random(clips);
      std::vector<std::shared_ptr<const Tensor>> arrays;
      for (std::size_t i = 0; i < clips; ++i) {
        Tensor array(DType::f32, {frames, width});
        for (float& value : array.data<float>()) value = random.between(0, 1);
        arrays.push_back(std::make_shared<const Tensor>(std::move(array)));
      }
      return std::make_shared<MemoryFeatures>(std::move(arrays));
    };
    train::LabelledFeatures data{.clips = source(frames_), .labels = {}};
    if (wants_faded(job_.head)) data.augmented = source((frames_ + 1) / 2);
    for (std::size_t i = 0; i < clips; ++i) {
      data.labels.push_back(i % job_.manifest.labels.size());
    }
    return data;
  }

  static constexpr std::size_t clips_ = 32;

  const Job& job_;
  std::size_t frames_;
  DataFeatures features_;
  head::HeadSpec spec_;
  TrainingData data_;
};

class Outlook {
public:
  Outlook(const Job& job, const Hooks& hooks)
      : job_(job), hooks_(hooks), threads_(thread_count(job.features.backbone.threads)) {
    for (const dataset::Clip& clip : job.manifest.clips) {
      if (std::count(job.splits.begin(), job.splits.end(), clip.split) == 0) continue;
      clips_.push_back(clip.source());
      if (clip.split != Split::test) to_train_with_.push_back(clip.source());
    }
    train_ = job.manifest.indices(Split::train).size();
  }

  std::vector<JobPart> parts() {
    const bool pictures = job_.manifest.content == dataset::Content::clips;
    if (pictures) look();
    const features::FeatureSettings settings = extract();
    if (job_.features.streams.motion) {
      add("the motion stream", seconds_of_moving / threads_ * to_train_with());
    }
    train(settings);
    if (job_.writes_page) {
      add("a report", seconds_of_page * static_cast<double>(clips_.size() - to_train_with_.size()));
    }
    return std::move(parts_);
  }

private:
  [[nodiscard]] double to_train_with() const { return static_cast<double>(to_train_with_.size()); }

  void add(std::string what, double seconds) { parts_.push_back({std::move(what), seconds}); }

  void look() {
    const bool finds_scenes =
        job_.finds_scenes && job_.manifest.clips.size() <= most_clips_in_scenes;
    if (!job_.finds_near_duplicates && !finds_scenes) return;
    double seconds = seconds_to_fingerprint(job_, threads_, hooks_);
    if (finds_scenes) {
      features::Extractor looks(look_options(scene_options(job_.features)));
      std::vector<ClipSource> all;
      for (const dataset::Clip& clip : job_.manifest.clips) all.push_back(clip.source());
      seconds += seconds_to_extract(looks, all, hooks_);
    }
    add(format("a look at {}", counted(job_.manifest.clips.size(), "clip")), seconds);
  }

  features::FeatureSettings extract() {
    const features::ExtractOptions options = options_for(job_.manifest, job_.features);
    features::Extractor plain(options);
    if (options.array_width > 0) return plain.settings();
    add(format("features of {}", counted(clips_.size(), "clip")),
        seconds_to_extract(plain, clips_, hooks_));
    if (wants_faded(job_.head)) {
      features::Extractor faded(faded_options(options));
      add(format("of {} faded", to_train_with_.size()),
          seconds_to_extract(faded, to_train_with_, hooks_));
    }
    return plain.settings();
  }

  void train(const features::FeatureSettings& settings) {
    const TrainingPace pace(job_, settings);
    train::TrainOptions options = job_.head.options;
    options.spec = pace.spec();
    options.spec.kind = job_.head.options.spec.kind;
    const train::Recipe recipe = train::chosen_recipe(options, train_);
    const double of_epoch = pace.seconds(options, train_);
    const auto seconds = [&](double clips) { return of_epoch * recipe.epochs * clips; };
    if (chooses_ensemble(job_.head)) add_choice(pace, options);
    // Each on all clips but its part.
    if (job_.folds > 0) {
      add(counted(static_cast<std::size_t>(job_.folds), "fold"),
          seconds(to_train_with() * (job_.folds - 1)));
    }
    const auto seeds = static_cast<std::size_t>(job_.seeds);
    add(format("{} on {}", counted(static_cast<std::size_t>(recipe.members) * seeds, "head"),
               counted(train_, "clip")),
        seconds(static_cast<double>(train_ * seeds)));
    if (refits(job_.head)) {
      add("the same once more on all", seconds(to_train_with() * job_.seeds));
    }
    if (job_.compares) {
      train::TrainOptions keras = plain(head::HeadKind::keras_gru);
      add("the Keras example's head beside it", pace.seconds(keras, train_) *
                                                    train::chosen_recipe(keras, train_).epochs *
                                                    static_cast<double>(train_ * seeds));
    }
    // Half of the members for half of the epochs, on two of three parts, in turn.
    if (job_.scores_places) add("three folds by place", seconds(to_train_with() * 2) / 4);
  }

  void add_choice(const TrainingPace& pace, train::TrainOptions options) {
    options.designs = train::distinct_designs(train::frame_features(options.spec));
    options.members = static_cast<int>(options.designs.size());
    const std::size_t clips = std::min(to_train_with_.size(), most_clips_to_choose_by);
    const int epochs = std::max(1, train::chosen_recipe(options, clips).epochs / 2);
    // Two of three parts, in turn.
    add("the choice of the ensemble",
        pace.seconds(options, clips) * epochs * static_cast<double>(2 * clips));
  }

  [[nodiscard]] train::TrainOptions plain(head::HeadKind kind) const {
    train::TrainOptions options;
    options.spec.kind = kind;
    options.threads = job_.head.options.threads;
    return options;
  }

  const Job& job_;
  const Hooks& hooks_;
  int threads_;
  std::vector<ClipSource> clips_;          // that features are wanted of
  std::vector<ClipSource> to_train_with_;  // and to validate
  std::size_t train_ = 0;
  std::vector<JobPart> parts_;
};

std::string reason_for(backbone::Precision asked, backbone::Precision taken) {
  if (asked != backbone::Precision::automatic) return "as asked for";
  return taken == backbone::Precision::bf16 ? "which this processor multiplies by itself"
                                            : "since this processor does not multiply bf16";
}

}  // namespace

std::vector<JobPart> job_outlook(const Job& job, const Hooks& hooks) {
  constexpr std::size_t least_frames = 1000;
  if (job.manifest.clips.size() * video::most_frames(job.features.clip) < least_frames) return {};
  try {
    return Outlook(job, hooks).parts();
  } catch (const Cancelled&) {
    throw;
  } catch (const Error&) {
    return {};  // whoever does the work tells what is wrong
  }
}

void tell_job(const Job& job, const Hooks& hooks) {
  if (!hooks.message) return;
  const std::vector<JobPart> parts = job_outlook(job, hooks);
  double seconds = 0;
  std::string list;
  for (const JobPart& part : parts) {
    seconds += part.seconds;
    list += format("{}{}", list.empty() ? "" : ", ", part.what);
    if (part.seconds >= 1) list += format(" ({})", format_duration(part.seconds));
  }
  constexpr double a_while = 60;
  if (seconds < a_while) return;
  hooks.info(format("to come, about {} in all: {}", format_duration(seconds), list));
  if (job.manifest.content == dataset::Content::arrays) return;
  const backbone::Precision asked = job.features.backbone.precision;
  const backbone::Precision taken = backbone::resolve(asked);
  hooks.info(format("frames go through {} in {}, {}", job.features.backbone.name,
                    backbone::to_string(taken), reason_for(asked, taken)));
}

}  // namespace vidclass::pipeline
