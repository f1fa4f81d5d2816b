#include "train/member_training.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "train/clip_batch.hpp"
#include "vidclass/core/error.hpp"

namespace vidclass::train {

MemberTraining::MemberTraining(const head::HeadSpec& spec, const Recipe& recipe,
                               const LabelledFeatures& data, std::uint64_t seed)
    : recipe_(recipe),
      data_(data),
      generator_(torch::make_generator<torch::CPUGeneratorImpl>(seed)),
      module_(make_head_module(spec, recipe, generator_)),
      order_(data.clips.size()) {
  module_->prepare(data);
  optimizer_ = make_optimizer();
  label_weights_ = label_weights(spec.labels);
  std::iota(order_.begin(), order_.end(), std::size_t{0});
}

double MemberTraining::run_epoch(int epoch) {
  module_->train();
  const torch::Tensor shuffled =
      torch::randperm(static_cast<std::int64_t>(order_.size()), generator_, torch::kInt64);
  std::copy_n(shuffled.data_ptr<std::int64_t>(), order_.size(), order_.begin());
  const auto batch_size = static_cast<std::size_t>(recipe_.batch_size);
  const std::size_t batches = (order_.size() + batch_size - 1) / batch_size;
  double loss_sum = 0;
  for (std::size_t batch = 0; batch < batches; ++batch) {
    set_learning_rate((epoch - 1 + static_cast<double>(batch) / static_cast<double>(batches)) /
                      recipe_.epochs);
    const std::size_t first = batch * batch_size;
    const std::size_t count = std::min(batch_size, order_.size() - first);
    loss_sum += step(std::span(order_).subspan(first, count)) * static_cast<double>(count);
  }
  return loss_sum / static_cast<double>(order_.size());
}

torch::Tensor MemberTraining::probabilities(const LabelledFeatures& data) {
  const torch::NoGradGuard no_grad;
  module_->eval();
  std::vector<torch::Tensor> parts;
  std::vector<std::size_t> clips;
  for (std::size_t clip = 0; clip < data.clips.size(); ++clip) {
    clips.push_back(clip);
    if (clips.size() < 64 && clip + 1 < data.clips.size()) continue;
    parts.push_back(torch::softmax(module_->logits(make_batch(data, clips)), 1));
    clips.clear();
  }
  return torch::cat(parts);
}

std::unique_ptr<torch::optim::AdamW> MemberTraining::make_optimizer() const {
  std::vector<torch::Tensor> kernels;
  std::vector<torch::Tensor> biases;
  for (const torch::Tensor& parameter : module_->parameters()) {
    (parameter.dim() > 1 ? kernels : biases).push_back(parameter);
  }
  const auto options = [&](double decay) {
    return std::make_unique<torch::optim::AdamWOptions>(
        torch::optim::AdamWOptions(recipe_.learning_rate)
            .eps(recipe_.adam_epsilon)
            .weight_decay(decay));
  };
  std::vector<torch::optim::OptimizerParamGroup> groups;
  groups.emplace_back(kernels, options(recipe_.weight_decay));
  groups.emplace_back(biases, options(0));
  return std::make_unique<torch::optim::AdamW>(
      groups, torch::optim::AdamWOptions(recipe_.learning_rate).eps(recipe_.adam_epsilon));
}

void MemberTraining::set_learning_rate(double done) {
  if (!recipe_.cosine) return;
  constexpr double warm_up = 0.05;
  const double factor =
      done < warm_up ? 0.1 + 0.9 * done / warm_up
                     : 0.5 * (1 + std::cos(std::numbers::pi * (done - warm_up) / (1 - warm_up)));
  for (auto& group : optimizer_->param_groups()) {
    static_cast<torch::optim::AdamWOptions&>(group.options()).lr(recipe_.learning_rate * factor);
  }
}

torch::Tensor MemberTraining::label_weights(std::size_t labels) const {
  if (!recipe_.balanced) return {};
  std::vector<std::size_t> clips(labels, 0);
  for (const std::size_t label : data_.labels) ++clips[label];
  std::vector<float> weights;
  for (const std::size_t count : clips) {
    // A label without clips is never asked for.
    weights.push_back(count == 0 ? 0.0F
                                 : static_cast<float>(data_.labels.size()) /
                                       static_cast<float>(labels * count));
  }
  return torch::tensor(weights);
}

double MemberTraining::step(std::span<const std::size_t> clips) {
  const ClipBatch batch = make_batch(data_, clips);
  optimizer_->zero_grad();
  const torch::Tensor loss =
      torch::nn::functional::cross_entropy(module_->logits(batch), batch.labels,
                                           torch::nn::functional::CrossEntropyFuncOptions()
                                               .weight(label_weights_)
                                               .label_smoothing(recipe_.label_smoothing));
  const double value = loss.item<double>();
  if (!std::isfinite(value)) {
    throw Error("the training loss is no longer finite; try a lower learning rate");
  }
  loss.backward();
  optimizer_->step();
  return value;
}

}  // namespace vidclass::train
