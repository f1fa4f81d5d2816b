#include "pipeline/joined_streams.hpp"

#include <algorithm>

#include "core/parallel.hpp"
#include "core/stopwatch.hpp"
#include "evaluate/score.hpp"

namespace vidclass::pipeline {
namespace {

double top1_of(const Tensor& probabilities, const std::vector<std::size_t>& labels) {
  return evaluate::score_of(probabilities, labels, 0).top1;
}

void take_score(train::TrainResult& result, const Tensor& probabilities,
                const std::vector<std::size_t>& labels) {
  const evaluate::Score score = evaluate::score_of(probabilities, labels, 0);
  result.val_top1 = score.top1;
  result.val_loss = score.loss;
}

}  // namespace

Tensor motion_probabilities(const model::MotionStream& stream, const features::MotionSource& clips,
                            int threads) {
  const std::size_t labels = stream.classifier.bias.size();
  Tensor all(DType::f32, {clips.size(), labels});
  for_each_index(clips.size(), threads, [&](std::size_t clip) {
    const Tensor found = model::probabilities(stream, clips.description(clip));
    std::copy(found.data<float>().begin(), found.data<float>().end(),
              all.data<float>().begin() + static_cast<std::ptrdiff_t>(clip * labels));
  });
  return all;
}

std::vector<double> novelty_of(const model::MotionStream& stream, const FeatureSource& clips,
                               int threads) {
  std::vector<double> all(clips.size());
  for_each_index(clips.size(), threads, [&](std::size_t clip) {
    all[clip] = train::novelty_of(stream.places, *clips.features(clip));
  });
  return all;
}

JoinedStreams::JoinedStreams(const dataset::Manifest& manifest, const DataFeatures& features,
                             const LeftOutAnswers& left_out, std::uint64_t seed, int threads,
                             const Hooks& hooks)
    : features_(features),
      groups_(groups_to_train_with(manifest, features)),
      motion_(features, manifest.labels.size(), seed, threads, hooks) {
  if (left_out.labels.empty()) return;
  const Stopwatch watch;
  const Tensor motion = motion_.leave_out(left_out.parts, hooks.cancel);
  weigh({left_out.probabilities, motion, left_out.labels, left_out.groups}, left_out.parts);
  record_->folds = static_cast<int>(left_out.parts.size());
  record_->groups = *std::max_element(left_out.groups.begin(), left_out.groups.end()) + 1;
  record_->seconds = watch.seconds();
}

void JoinedStreams::weigh(const train::HeldOutStreams& held_out,
                          const std::vector<LeftOutPart>& parts) {
  const train::StreamChoice choice = train::choose_stream_weights(held_out);
  weights_ = choice.weights;
  for (const LeftOutPart& part : parts) {
    const std::vector<double> of_part = distances(part);
    left_out_distances_.insert(left_out_distances_.end(), of_part.begin(), of_part.end());
  }
  record_ = model::StreamsRecord{.appearance_loss = choice.appearance_loss,
                                 .motion_loss = choice.motion_loss,
                                 .joined_loss = choice.joined_loss};
}

/// Of clips by their place among clips_to_train_with(), float32 [N, D].
Tensor JoinedStreams::looks_of(const std::vector<std::size_t>& clips) const {
  const std::size_t width = features_.settings.backbone.feature_size;
  const FeatureSource& train = *features_.of(dataset::Split::train).data.clips;
  const FeatureSource& validation = *features_.of(dataset::Split::validation).data.clips;
  Tensor looks(DType::f32, {clips.size(), width});
  auto target = looks.data<float>().begin();
  for (const std::size_t clip : clips) {
    const auto features =
        clip < train.size() ? train.features(clip) : validation.features(clip - train.size());
    const std::vector<float> look = train::look_of(*features, width);
    target = std::copy(look.begin(), look.end(), target);
  }
  return looks;
}

std::vector<double> JoinedStreams::distances(const LeftOutPart& part) const {
  return train::distances_to_known(looks_of(part.outside),
                                   looks_of(train::kept_looks(part.inside)));
}

/// Of a part's outside, to what is trained on its inside.
std::vector<double> JoinedStreams::novelty(const LeftOutPart& part) const {
  const train::KnownPlaces places =
      train::known_places(looks_of(train::kept_looks(part.inside)), left_out_distances_);
  std::vector<double> all = train::distances_to_known(looks_of(part.outside), places.looks);
  for (double& value : all) value = train::novelty_at(places, value);
  return all;
}

model::StreamsRecord JoinedStreams::join(train::TrainResult& result) {
  const LeftOutPart part = motion_.validation_part();
  const std::vector<std::size_t>& labels = features_.of(dataset::Split::validation).data.labels;
  const Tensor appearance = train::average_probabilities(result);
  const bool to_be_weighed = !record_;
  if (to_be_weighed) static_cast<void>(motion_.leave_out({part}));  // which finds the strength
  const Tensor motion = motion_.answers_outside(part);
  if (to_be_weighed) {
    std::vector<std::size_t> groups;
    if (!groups_.empty()) {
      groups.assign(groups_.begin() + static_cast<std::ptrdiff_t>(part.inside.size()),
                    groups_.end());
    }
    weigh({appearance, motion, labels, groups}, {part});
  }
  model::StreamsRecord record = *record_;
  record.strength = motion_.strength();
  record.appearance_val_top1 = top1_of(appearance, labels);
  record.motion_val_top1 = top1_of(motion, labels);
  take_score(result, train::joined_probabilities(appearance, motion, weights_, novelty(part)),
             labels);
  return record;
}

void JoinedStreams::join(const TrainingData& data, train::TrainResult& result) {
  take_score(result, answers(data, result), data.validation.labels);
}

Tensor JoinedStreams::answers(const TrainingData& data, const train::TrainResult& result) const {
  return train::joined_probabilities(train::average_probabilities(result),
                                     motion_.answers_outside(data.part), weights_,
                                     novelty(data.part));
}

model::MotionStream JoinedStreams::fit(bool refit) const {
  model::MotionStream stream = motion_.fit(refit);
  stream.weights = weights_;
  const LeftOutPart part = motion_.validation_part();
  std::vector<std::size_t> known = part.inside;
  if (refit) known.insert(known.end(), part.outside.begin(), part.outside.end());
  stream.places = train::known_places(looks_of(train::kept_looks(known)), left_out_distances_);
  return stream;
}

}  // namespace vidclass::pipeline
