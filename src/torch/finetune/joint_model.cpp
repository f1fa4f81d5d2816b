#include "torch/finetune/joint_model.hpp"

#include <algorithm>
#include <random>
#include <utility>

#include "core/feature_source.hpp"
#include "torch/device.hpp"
#include "torch/finetune/draw.hpp"
#include "train/train.hpp"
#include "vidclass/error.hpp"

namespace vidclass::torch {
namespace {

/// Reads what changes in a clip and, where there is no motion pooling, the features as
/// they are besides.
head::HeadSpec joint_head(std::size_t features, std::size_t poolings, std::size_t labels) {
  head::HeadSpec spec;
  spec.kind = head::HeadKind::gru;
  spec.features = features;
  spec.poolings = poolings;
  spec.labels = labels;
  spec.transforms = {head::Transform::centred,
                     poolings > 1 ? head::Transform::centred_motion : head::Transform::plain};
  return spec;
}

/// D, from the kernel [1, 1, in, D] of the last layer.
std::size_t feature_size(const NamedTensors& weights) {
  const auto last = weights.find("block14_sepconv2/pointwise_kernel");
  if (last == weights.end()) throw Error("the weights to be tuned lack block14");
  return last->second.dim(3);
}

/// Those of the network as it came.
train::LabelledFeatures features_of(const std::vector<CachedClip>& of) {
  train::LabelledFeatures features;
  std::vector<std::shared_ptr<const Tensor>> clips;
  for (const CachedClip& clip : of) {
    clips.push_back(std::make_shared<const Tensor>(read_features(clip.entry)));
    features.labels.push_back(clip.label);
  }
  features.clips = std::make_shared<const MemoryFeatures>(std::move(clips));
  return features;
}

}  // namespace

JointModel::JointModel(const FinetuneData& data, const FinetuneOptions& options)
    : seed_(options.seed),
      device_(device_from(options.device)),
      blocks_(std::make_shared<XceptionModule>(
          data.weights, options.blocks,
          XceptionOptions{.train_batch_norm = options.train_batch_norm,
                          .bf16 = options.bf16,
                          .from_frames = options.from_frames})),
      spec_(joint_head(feature_size(data.weights), options.motion ? 2 : 1, options.labels)),
      head_(std::make_shared<JointHead>(spec_, options.seed)) {}

std::vector<::torch::Tensor> JointModel::parameters() const {
  std::vector<::torch::Tensor> trained;
  for (const ::torch::nn::Module* module : {static_cast<::torch::nn::Module*>(blocks_.get()),
                                            static_cast<::torch::nn::Module*>(head_.get())}) {
    for (const ::torch::Tensor& parameter : module->parameters()) {
      if (parameter.requires_grad()) trained.push_back(parameter);
    }
  }
  return trained;
}

void JointModel::prepare_head(const FinetuneData& data) {
  head_->prepare(features_of(data.train));
  blocks_->to(device_);
  head_->to(device_);
}

void JointModel::train_head(const FinetuneData& data, const FinetuneRecipe& recipe,
                            const CancellationToken& cancel) {
  train::TrainOptions options;
  options.spec = spec_;
  options.designs = {{spec_.kind, spec_.transforms}};
  options.members = 1;
  options.components = 0;  // it reads what the blocks give
  options.threads = 1;
  options.seed = seed_;
  options.epochs = recipe.head_epochs;
  options.learning_rate = recipe.head_learning_rate;
  options.label_smoothing = recipe.label_smoothing;
  options.keep_last = true;
  const train::TrainResult trained = train::train_heads(
      features_of(data.train), features_of(data.validation), options, {.cancel = cancel});
  cancel.check();
  head_->set_parameters(trained.heads.at(0).parameters);
}

std::vector<::torch::Tensor> JointModel::training_logits(std::span<const DrawnClip> clips,
                                                         std::int64_t frames) {
  blocks_->train();
  head_->train();
  std::vector<::torch::Tensor> activations, motion_maps;
  std::vector<std::int64_t> lengths;
  for (const auto& [clip, seed] : clips) {
    std::mt19937_64 random(seed);
    const bool mirrored = !clip.mirrored.empty() && random() % 2 == 0;
    const std::filesystem::path& entry = mirrored ? clip.mirrored : clip.entry;
    ClipActivations read =
        read_activations(entry, drawn_frames(frame_count(entry), frames, random));
    lengths.push_back(read.activations.size(0));
    activations.push_back(std::move(read.activations));
    if (read.motion_map.defined()) motion_maps.push_back(std::move(read.motion_map));
  }
  const ::torch::Tensor together =
      features({::torch::cat(activations),
                motion_maps.empty() ? ::torch::Tensor() : ::torch::cat(motion_maps)});
  const std::vector<::torch::Tensor> apart = together.split_with_sizes(lengths);
  std::vector<::torch::Tensor> result;
  for (std::size_t i = 0; i < clips.size(); ++i) {
    result.push_back(head_->logits(apart[i], clips[i].seed));
  }
  return result;
}

::torch::Tensor JointModel::probabilities(const CachedClip& clip) {
  const ::torch::NoGradGuard no_grad;
  blocks_->eval();
  head_->eval();
  return ::torch::softmax(head_->logits(features(read_activations(clip.entry)), seed_), 1).cpu();
}

::torch::Tensor JointModel::features(const ClipActivations& clip) {
  const ::torch::Tensor motion_map =
      clip.motion_map.defined() ? clip.motion_map.to(device_) : clip.motion_map;
  return blocks_->features(clip.activations.to(device_), motion_map);
}

::torch::Tensor smoothed_loss(const ::torch::Tensor& logits, std::size_t label, double smoothing) {
  const ::torch::Tensor surprise = -::torch::log_softmax(logits.squeeze(0), 0);
  return (1 - smoothing) * surprise[static_cast<std::int64_t>(label)] + smoothing * surprise.mean();
}

}  // namespace vidclass::torch
