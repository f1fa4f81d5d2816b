#include "pipeline/joined_streams.hpp"

#include <algorithm>
#include <map>
#include <string>

#include "core/parallel.hpp"
#include "core/stopwatch.hpp"
#include "evaluate/score.hpp"

namespace vidclass::pipeline {
namespace {

// Some validation clips tell too little for motion to lead by caution alone.
constexpr double most_cautious_by_validation = 0.5;

/// Numbers of the clips' groups; empty where some clip has none.
std::vector<std::size_t> numbered_groups(const dataset::Manifest& manifest,
                                         const std::vector<std::size_t>& clips) {
  std::map<std::string, std::size_t> numbers;
  std::vector<std::size_t> groups;
  for (const std::size_t clip : clips) {
    const std::string& group = manifest.clips[clip].group;
    if (group.empty()) return {};
    groups.push_back(numbers.emplace(group, numbers.size()).first->second);
  }
  return groups;
}

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

Tensor average_probabilities(const train::TrainResult& result) {
  Tensor average(DType::f32, result.probabilities.at(0).shape());
  auto sum = average.data<float>();
  for (const Tensor& member : result.probabilities) {
    const auto values = member.data<float>();
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += values[i];
  }
  for (float& value : sum) value /= static_cast<float>(result.probabilities.size());
  return average;
}

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

JoinedStreams::JoinedStreams(const dataset::Manifest& manifest, const DataFeatures& features,
                             std::uint64_t seed, int threads, const Hooks& hooks)
    : features_(features),
      groups_(numbered_groups(manifest, clips_to_train_with(features))),
      motion_(features, manifest.labels.size(), seed, threads, hooks) {}

void JoinedStreams::weigh_by(const LeftOutAnswers& left_out, const CancellationToken& cancel) {
  const Stopwatch watch;
  const Tensor all = motion_.leave_out(left_out.parts, cancel);
  const std::size_t width = all.dim(1);
  Tensor motion(DType::f32, left_out.probabilities.shape());
  auto target = motion.data<float>().begin();
  for (const LeftOutPart& part : left_out.parts) {
    for (const std::size_t clip : part.outside) {
      const auto row = all.data<float>().subspan(clip * width, width);
      target = std::copy(row.begin(), row.end(), target);
    }
  }
  const train::StreamChoice choice = train::choose_stream_weights(
      {left_out.probabilities, motion, left_out.labels, left_out.groups});
  weights_ = choice.weights;
  record_ = model::StreamsRecord{
      .folds = static_cast<int>(left_out.parts.size()),
      .groups = *std::max_element(left_out.groups.begin(), left_out.groups.end()) + 1,
      .appearance_loss = choice.appearance_loss,
      .motion_loss = choice.motion_loss,
      .joined_loss = choice.joined_loss};
  validation_ = motion_.answers_outside(motion_.validation_part());
  record_->seconds = watch.seconds();
}

model::StreamsRecord JoinedStreams::join(train::TrainResult& result) {
  const LeftOutPart part = motion_.validation_part();
  const std::vector<std::size_t>& labels = features_.of(dataset::Split::validation).data.labels;
  const Tensor appearance = average_probabilities(result);
  if (!record_) {
    static_cast<void>(motion_.leave_out({part}));  // which finds the strength
    validation_ = motion_.answers_outside(part);
    std::vector<std::size_t> groups;
    if (!groups_.empty()) {
      groups.assign(groups_.begin() + static_cast<std::ptrdiff_t>(part.inside.size()),
                    groups_.end());
    }
    const train::StreamChoice choice = train::choose_stream_weights(
        {appearance, validation_, labels, groups}, most_cautious_by_validation);
    weights_ = choice.weights;
    record_ = model::StreamsRecord{.appearance_loss = choice.appearance_loss,
                                   .motion_loss = choice.motion_loss,
                                   .joined_loss = choice.joined_loss};
  }
  model::StreamsRecord record = *record_;
  record.strength = motion_.strength();
  record.appearance_val_top1 = top1_of(appearance, labels);
  record.motion_val_top1 = top1_of(validation_, labels);
  take_score(result, train::joined_probabilities(appearance, validation_, weights_), labels);
  return record;
}

void JoinedStreams::join(const TrainingData& data, train::TrainResult& result) {
  take_score(result,
             train::joined_probabilities(average_probabilities(result),
                                         motion_.answers_outside(data.part), weights_),
             data.validation.labels);
}

model::MotionStream JoinedStreams::fit(bool refit) const {
  model::MotionStream stream = motion_.fit(refit);
  stream.weights = weights_;
  return stream;
}

}  // namespace vidclass::pipeline
