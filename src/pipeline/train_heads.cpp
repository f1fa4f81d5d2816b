#include "pipeline/train_heads.hpp"

#include <algorithm>
#include <map>

#include "vidclass/error.hpp"

namespace vidclass::pipeline {

bool refits_by_default(head::HeadKind kind) noexcept { return kind != head::HeadKind::keras_gru; }

std::vector<std::size_t> clips_to_train_with(const DataFeatures& features) {
  std::vector<std::size_t> clips = features.of(dataset::Split::train).clips;
  const std::vector<std::size_t>& validation = features.of(dataset::Split::validation).clips;
  clips.insert(clips.end(), validation.begin(), validation.end());
  return clips;
}

std::vector<std::size_t> groups_to_train_with(const dataset::Manifest& manifest,
                                              const DataFeatures& features) {
  std::map<std::string, std::size_t> numbers;
  std::vector<std::size_t> groups;
  for (const std::size_t clip : clips_to_train_with(features)) {
    const std::string& group = manifest.clips[clip].group;
    if (group.empty()) return {};
    groups.push_back(numbers.emplace(group, numbers.size()).first->second);
  }
  return groups;
}

void set_sizes(head::HeadSpec& spec, const DataFeatures& features, std::size_t labels) {
  spec.features = features.settings.backbone.feature_size;
  spec.middle = features.settings.backbone.middle_size;
  spec.poolings = features.settings.clip.motion_grid > 0 ? 2 : 1;
  spec.labels = labels;
}

train::TrainResult train_on(const TrainingData& data, const DataFeatures& features,
                            std::size_t labels, train::TrainOptions options,
                            const train::TrainHooks& hooks) {
  set_sizes(options.spec, features, labels);
  options.room = features.room;
  return train::train_heads(data.train, data.validation, options, hooks);
}

train::TrainResult train_on(const DataFeatures& features, std::size_t labels,
                            train::TrainOptions options, bool refit,
                            const train::TrainHooks& hooks) {
  const TrainingData data{features.of(dataset::Split::train).data,
                          features.of(dataset::Split::validation).data};
  train::TrainResult result = train_on(data, features, labels, options, hooks);
  if (!refit || result.stopped) return result;
  options.keep_last = true;
  if (!options.checkpoints.dir.empty()) options.checkpoints.dir /= "refit";
  const train::TrainHooks quietly{
      .progress = Hooks{.progress = hooks.progress}.named(" on all clips").progress,
      .cancel = hooks.cancel};
  try {
    train::TrainResult again =
        train_on({train::joined(data.train, data.validation), data.validation}, features, labels,
                 options, quietly);
    result.seconds += again.seconds;
    result.stopped = again.stopped;
    if (again.stopped) return result;
    result.heads = std::move(again.heads);
    result.refitted = true;
  } catch (const Cancelled&) {
    result.stopped = true;
  }
  return result;
}

std::future<train::TrainResult> train_baseline(const DataFeatures& features, std::size_t labels,
                                               std::uint64_t seed, bool refit,
                                               const CancellationToken& cancel) {
  train::TrainOptions options;
  options.spec.kind = head::HeadKind::mean;
  options.seed = seed;
  return std::async(std::launch::async, [&features, labels, options, refit, cancel] {
    return train_on(features, labels, options, refit, {.cancel = cancel});
  });
}

Tensor probabilities_of(head::HeadRunner& runner, const FeatureSource& clips, std::size_t labels) {
  constexpr std::size_t clips_at_once = 64;
  Tensor all(DType::f32, {clips.size(), labels});
  auto target = all.data<float>().begin();
  std::vector<Tensor> some;
  for (std::size_t i = 0; i < clips.size(); ++i) {
    some.push_back(*clips.features(i));
    if (some.size() < clips_at_once && i + 1 < clips.size()) continue;
    const Tensor found = runner.probabilities(some);
    target = std::copy(found.data<float>().begin(), found.data<float>().end(), target);
    some.clear();
  }
  return all;
}

}  // namespace vidclass::pipeline
