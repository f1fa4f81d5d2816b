#include "vidclass/train/finetune.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <numbers>
#include <thread>

#include <torch/torch.h>

#include "core/format.hpp"
#include "train/finetune/draw.hpp"
#include "train/finetune/joint_model.hpp"
#include "train/finetune/recipe.hpp"
#include "train/finetune/weight_average.hpp"
#include "train/parallel/gradient_sum.hpp"
#include "vidclass/core/error.hpp"

namespace vidclass::train {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point began) {
  return std::chrono::duration<double>(Clock::now() - began).count();
}

void check(const FinetuneData& data, const FinetuneOptions& options) {
  if (data.train.empty()) throw Error("there is no training clip to fine-tune with");
  if (data.validation.empty()) throw Error("there is no validation clip to fine-tune with");
  for (const auto* clips : {&data.train, &data.validation}) {
    for (const BorderClip& clip : *clips) {
      if (clip.label < options.labels) continue;
      throw Error(
          format("{} has the label {} of {}", clip.entry.string(), clip.label, options.labels));
    }
  }
}

/// A clip's share in the loss: rare labels count as much as frequent ones.
std::vector<double> clip_weights(const FinetuneData& data, std::size_t labels) {
  std::vector<double> count(labels, 0);
  for (const BorderClip& clip : data.train) ++count[clip.label];
  std::vector<double> weights;
  for (const BorderClip& clip : data.train) weights.push_back(1 / count[clip.label]);
  return weights;
}

class Finetuning {
public:
  Finetuning(const FinetuneData& data, const FinetuneOptions& options, Ranks& ranks,
             const ProgressFunction& progress, const CancellationToken& cancel)
      : data_(data),
        options_(options),
        recipe_(finetune_recipe(options)),
        ranks_(ranks),
        progress_(progress),
        cancel_(cancel),
        weights_(clip_weights(data, options.labels)),
        model_(data, options) {}

  FinetuneResult run() {
    const auto began = Clock::now();
    // A head's products are too small for several threads (see HACKING.md).
    const int threads = torch::get_num_threads();
    torch::set_num_threads(1);
    model_.train_head(data_, recipe_, cancel_);
    torch::set_num_threads(threads);
    FinetuneResult result;
    keep_if_best(validate(0), result);

    GradientSum gradients(model_.parameters(), ranks_);
    WeightAverage average(model_.parameters(), recipe_.averaging);
    auto optimizer = make_optimizer();
    double training_seconds = 0;
    for (int epoch = 1; epoch <= recipe_.epochs; ++epoch) {
      const auto epoch_began = Clock::now();
      const double loss = train_epoch(epoch, *optimizer, gradients, average);
      training_seconds += seconds_since(epoch_began);
      const WeightAverage::Lent lent(average);
      FinetuneEpoch scored = validate(epoch);
      scored.train_loss = loss;
      scored.seconds = seconds_since(epoch_began);
      keep_if_best(scored, result);
    }
    result.seconds = seconds_since(began);
    result.clips_per_second =
        static_cast<double>(data_.train.size()) * recipe_.epochs / training_seconds;
    return result;
  }

private:
  std::unique_ptr<torch::optim::AdamW> make_optimizer() {
    std::vector<torch::optim::OptimizerParamGroup> groups;
    const auto add = [&](const torch::nn::Module& module, double rate) {
      for (const bool kernels : {true, false}) {
        std::vector<torch::Tensor> members;
        for (const torch::Tensor& parameter : module.parameters()) {
          if (parameter.requires_grad() && (parameter.dim() > 1) == kernels)
            members.push_back(parameter);
        }
        groups.emplace_back(
            members,
            std::make_unique<torch::optim::AdamWOptions>(
                torch::optim::AdamWOptions(rate).weight_decay(kernels ? recipe_.weight_decay : 0)));
        peak_rates_.push_back(rate);
      }
    };
    add(model_.blocks(), recipe_.learning_rate);
    add(model_.head(), recipe_.head_learning_rate);
    return std::make_unique<torch::optim::AdamW>(groups, torch::optim::AdamWOptions());
  }

  /// A straight rise, then a cosine to 0. `done`: share of the training, 0 to 1.
  void set_learning_rates(torch::optim::AdamW& optimizer, double done) const {
    const double share = done < recipe_.warm_up
                             ? (done + 1e-3) / recipe_.warm_up
                             : 0.5 * (1 + std::cos(std::numbers::pi * (done - recipe_.warm_up) /
                                                   (1 - recipe_.warm_up)));
    for (std::size_t i = 0; i < peak_rates_.size(); ++i) {
      optimizer.param_groups()[i].options().set_lr(peak_rates_[i] * std::min(share, 1.0));
    }
  }

  double train_epoch(int epoch, torch::optim::AdamW& optimizer, GradientSum& gradients,
                     WeightAverage& average) {
    const auto number = static_cast<std::uint64_t>(epoch);
    const auto order = shuffled(data_.train.size(), draw_seed(options_.seed, 2, number));
    const auto batch_size = static_cast<std::size_t>(recipe_.batch_size);
    double sums[] = {0, 0};  // of weighted losses, of weights
    for (std::size_t first = 0; first < order.size(); first += batch_size) {
      cancel_.check();
      const auto batch =
          std::span(order).subspan(first, std::min(batch_size, order.size() - first));
      double total = 0;
      for (const std::size_t clip : batch) total += weights_[clip];
      set_learning_rates(
          optimizer, (epoch - 1 + static_cast<double>(first) / static_cast<double>(order.size())) /
                         recipe_.epochs);
      optimizer.zero_grad();
      const std::vector<std::size_t> mine = share_of(batch);
      for (const std::size_t clip : mine) {
        if (clip == mine.back()) gradients.expect_last_backward();
        const double loss = backward(clip, number, weights_[clip] / total);
        sums[0] += loss * weights_[clip];
        sums[1] += weights_[clip];
      }
      gradients.finish();
      torch::nn::utils::clip_grad_norm_(model_.parameters(), recipe_.max_gradient_norm);
      optimizer.step();
      average.update();
      report(epoch, first + batch.size());
    }
    ranks_.sum(sums);
    if (options_.train_batch_norm) average_statistics();
    return sums[0] / sums[1];
  }

  /// The batch norms' running statistics, which each rank takes from its own clips.
  void average_statistics() {
    const torch::NoGradGuard no_grad;
    for (torch::Tensor& buffer : model_.blocks().buffers()) {
      torch::Tensor mean = buffer.to(torch::kFloat64) / ranks_.size();
      ranks_.sum({mean.data_ptr<double>(), static_cast<std::size_t>(mean.numel())});
      buffer.copy_(mean);
    }
  }

  [[nodiscard]] std::vector<std::size_t> share_of(std::span<const std::size_t> clips) const {
    std::vector<std::size_t> mine;
    for (std::size_t i = static_cast<std::size_t>(ranks_.rank()); i < clips.size();
         i += static_cast<std::size_t>(ranks_.size())) {
      mine.push_back(clips[i]);
    }
    return mine;
  }

  double backward(std::size_t clip, std::uint64_t epoch, double weight) {
    const BorderClip& of = data_.train[clip];
    const torch::Tensor loss = smoothed_loss(
        model_.training_logits(of, recipe_.frames, draw_seed(options_.seed, epoch + 2, clip)),
        of.label, recipe_.label_smoothing);
    const double value = loss.item<double>();
    if (!std::isfinite(value)) {
      throw Error(format("the loss of {} is no longer finite; try a lower learning rate",
                         of.entry.filename().string()));
    }
    (loss * weight).backward();
    return value;
  }

  FinetuneEpoch validate(int epoch) {
    const std::size_t clips = data_.validation.size();
    std::vector<double> sums(3, 0);  // loss, objective, right answers
    for (std::size_t i = static_cast<std::size_t>(ranks_.rank()); i < clips;
         i += static_cast<std::size_t>(ranks_.size())) {
      cancel_.check();
      const BorderClip& clip = data_.validation[i];
      const torch::Tensor probabilities = model_.probabilities(clip);
      const torch::Tensor surprise = -probabilities.clamp_min(1e-7).log();
      const double loss = surprise[static_cast<std::int64_t>(clip.label)].item<double>();
      sums[0] += loss;
      sums[1] += (1 - recipe_.label_smoothing) * loss +
                 recipe_.label_smoothing * surprise.mean().item<double>();
      sums[2] +=
          probabilities.argmax().item<std::int64_t>() == static_cast<std::int64_t>(clip.label);
    }
    ranks_.sum(sums);
    const auto n = static_cast<double>(clips);
    FinetuneEpoch scored;
    scored.epoch = epoch;
    scored.val_loss = sums[0] / n;
    scored.val_objective = sums[1] / n;
    scored.val_top1 = sums[2] / n;
    return scored;
  }

  void keep_if_best(const FinetuneEpoch& scored, FinetuneResult& result) {
    last_ = scored;
    result.epochs.push_back(scored);
    if (!(scored.val_objective < best_objective_)) return;
    best_objective_ = scored.val_objective;
    result.best_epoch = scored.epoch;
    result.weights = model_.blocks().export_weights();
  }

  void report(int epoch, std::size_t clips) const {
    if (!progress_) return;
    const std::size_t all = data_.train.size();
    progress_({"fine-tune", static_cast<std::size_t>(epoch - 1) * all + clips,
               static_cast<std::size_t>(recipe_.epochs) * all,
               format("epoch {}, validation top-1 {:.1f} %, loss {:.3f}", epoch,
                      last_.val_top1 * 100, last_.val_loss)});
  }

  const FinetuneData& data_;
  const FinetuneOptions& options_;
  const FinetuneRecipe recipe_;
  Ranks& ranks_;
  const ProgressFunction& progress_;
  const CancellationToken& cancel_;
  const std::vector<double> weights_;  // of the training clips
  JointModel model_;
  std::vector<double> peak_rates_;  // of the optimizer's groups
  FinetuneEpoch last_;
  double best_objective_ = std::numeric_limits<double>::infinity();
};

}  // namespace

FinetuneResult finetune(const FinetuneData& data, const FinetuneOptions& options, Ranks& ranks,
                        const ProgressFunction& progress, const CancellationToken& cancel) {
  check(data, options);
  const int cpus = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  torch::set_num_threads(options.threads > 0 ? options.threads : cpus);
  return Finetuning(data, options, ranks, progress, cancel).run();
}

}  // namespace vidclass::train
