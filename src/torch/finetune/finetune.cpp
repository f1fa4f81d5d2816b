#include "torch/finetune.hpp"

#include <malloc.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <thread>

#include <torch/torch.h>

#include "core/format.hpp"
#include "core/hash.hpp"
#include "evaluate/score.hpp"
#include "torch/device.hpp"
#include "torch/finetune/adamw_state.hpp"
#include "torch/finetune/checkpoint.hpp"
#include "torch/finetune/draw.hpp"
#include "torch/finetune/joint_model.hpp"
#include "torch/finetune/recipe.hpp"
#include "torch/finetune/weight_average.hpp"
#include "torch/parallel/gradient_sum.hpp"
#include "torch/tensors.hpp"
#include "train/loss.hpp"
#include "train/schedule.hpp"
#include "vidclass/error.hpp"

namespace vidclass::torch {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point began) {
  return std::chrono::duration<double>(Clock::now() - began).count();
}

void check(const FinetuneData& data, const FinetuneOptions& options) {
  if (data.train.empty()) throw Error("there is no training clip to fine-tune with");
  if (data.validation.empty()) throw Error("there is no validation clip to fine-tune with");
  for (const auto* clips : {&data.train, &data.validation}) {
    for (const CachedClip& clip : *clips) {
      if (clip.label < options.labels) continue;
      throw Error(
          format("{} has the label {} of {}", clip.entry.string(), clip.label, options.labels));
    }
  }
}

/// Of each label: rare ones count as much as frequent ones.
std::vector<float> label_weights(const FinetuneData& data, std::size_t count) {
  std::vector<std::size_t> labels;
  for (const CachedClip& clip : data.train) labels.push_back(clip.label);
  return train::balanced_weights(labels, count);
}

/// Lines that tell this training from others: what is not in it changes nothing but the time.
std::string subject_of(const FinetuneData& data, const FinetuneOptions& options,
                       const FinetuneRecipe& recipe) {
  const auto digest = [](const std::vector<CachedClip>& clips) {
    std::string text;
    // The names of entries are digests of the clips' content and settings.
    for (const CachedClip& clip : clips) {
      text += format("{} {} {}\n", clip.entry.filename().string(),
                     clip.mirrored.filename().string(), clip.label);
    }
    return sha256(text);
  };
  return format(
      "blocks {}\nlabels {}\nmotion {}\nseed {}\nepochs {}\nbatch size {}\nframes {}\n"
      "learning rate {}\nlearning rate of the head {}\nbatch norms {}\nbf16 {}\n"
      "recipe {} {} {} {} {} {}\ntraining clips {}\nvalidation clips {}\n",
      backbone::to_string(options.blocks), options.labels, options.motion, options.seed,
      recipe.epochs, recipe.batch_size, recipe.frames, recipe.learning_rate,
      recipe.head_learning_rate, options.train_batch_norm, options.bf16, recipe.head_epochs,
      recipe.weight_decay, recipe.warm_up, recipe.label_smoothing, recipe.max_gradient_norm,
      recipe.averaging, digest(data.train), digest(data.validation));
}

/// A graphics card is kept busy by more than a clip's frames; on a CPU more of them only leave its
/// caches (measured: no quicker, and slower with two ranks). The maps of the whole network take
/// gigabytes for one clip, and batch norms that are trained take their statistics from one at a
/// time.
std::size_t clips_at_once(const FinetuneOptions& options) {
  if (options.blocks == backbone::TunedBlocks::all || options.train_batch_norm) return 1;
  if (options.clips_at_once > 0) return static_cast<std::size_t>(options.clips_at_once);
  constexpr std::size_t on_a_card = 8;
  return options.device == "cpu" ? 1 : on_a_card;
}

class Finetuning {
public:
  Finetuning(const FinetuneData& data, const FinetuneOptions& options, Ranks& ranks,
             const FinetuneHooks& hooks)
      : data_(data),
        options_(options),
        clips_at_once_(clips_at_once(options)),
        recipe_(finetune_recipe(options)),
        ranks_(ranks),
        hooks_(hooks),
        label_weights_(label_weights(data, options.labels)),
        checkpoint_(options.checkpoint, subject_of(data, options, recipe_), ranks),
        model_(data, options) {}

  FinetuneResult run() {
    const auto began = Clock::now();
    model_.prepare_head(data_);
    optimizer_ = make_optimizer();
    average_.emplace(model_.parameters(), recipe_.averaging);
    if (!resume()) begin();

    GradientSum gradients(model_.parameters(), ranks_);
    double training_seconds = 0;
    const int first = static_cast<int>(result_.epochs.size());
    for (int epoch = first; epoch <= recipe_.epochs; ++epoch) {
      const auto epoch_began = Clock::now();
      const double loss = train_epoch(epoch, gradients);
      training_seconds += seconds_since(epoch_began);
      {
        const WeightAverage::Lent lent(*average_);
        FinetuneEpoch scored = validate(epoch);
        scored.train_loss = loss;
        scored.seconds = seconds_since(epoch_began);
        keep_if_best(scored);
      }
      checkpoint_.keep(state());
    }
    if (result_.weights.empty()) {
      throw Error("the validation loss was never finite; try a lower learning rate");
    }
    result_.seconds = seconds_since(began);
    const int trained = recipe_.epochs + 1 - first;
    if (trained > 0) {
      result_.clips_per_second =
          static_cast<double>(data_.train.size()) * trained / training_seconds;
    }
    return std::move(result_);
  }

private:
  /// The network as it came, with a head that knows the task.
  void begin() {
    model_.train_head(data_, recipe_, hooks_.cancel);
    average_.emplace(model_.parameters(), recipe_.averaging);
    keep_if_best(validate(0));
  }

  [[nodiscard]] bool resume() {
    if (!options_.resume) return false;
    FinetuneState kept = state();
    if (!checkpoint_.restore(kept)) return false;
    restore(kept);
    return true;
  }

  /// All that the next epoch depends on, and what was reached. What is random comes from
  /// the numbers of epochs and clips.
  [[nodiscard]] FinetuneState state() {
    FinetuneState kept;
    const auto add = [&](const char* what, const std::vector<::torch::Tensor>& tensors) {
      for (std::size_t i = 0; i < tensors.size(); ++i) {
        kept.emplace(format("{}/{}", what, i), to_tensor(tensors[i]));
      }
    };
    const auto parameters = model_.parameters();
    const AdamWMoments moments = moments_of(*optimizer_, parameters);
    add("parameter", parameters);
    add("statistic", model_.blocks().buffers());
    add("average", average_->averages());
    add("first_moment", moments.first);
    add("second_moment", moments.second);
    for (const auto& [name, tensor] :
         result_.weights.empty() ? model_.blocks().export_weights() : result_.weights) {
      kept.emplace("best/" + name, tensor);
    }
    const std::vector<double> numbers{static_cast<double>(result_.epochs.size()),
                                      static_cast<double>(average_->steps()),
                                      static_cast<double>(result_.best_epoch), best_objective_};
    kept.emplace("numbers", Tensor::from<double>({numbers.size()}, numbers));
    Tensor epochs(DType::f64, {static_cast<std::size_t>(recipe_.epochs) + 1, 5});
    auto at = epochs.data<double>().begin();
    for (const FinetuneEpoch& epoch : result_.epochs) {
      for (const double value :
           {epoch.train_loss, epoch.val_loss, epoch.val_objective, epoch.val_top1, epoch.seconds}) {
        *at++ = value;
      }
    }
    kept.emplace("epochs", std::move(epochs));
    return kept;
  }

  void restore(const FinetuneState& kept) {
    const ::torch::NoGradGuard no_grad;
    const auto take = [&](const char* what, const std::vector<::torch::Tensor>& tensors) {
      for (std::size_t i = 0; i < tensors.size(); ++i) {
        ::torch::Tensor(tensors[i]).copy_(to_torch(kept.at(format("{}/{}", what, i))));
      }
    };
    const auto parameters = model_.parameters();
    AdamWMoments moments = moments_of(*optimizer_, parameters);
    take("parameter", parameters);
    take("statistic", model_.blocks().buffers());
    take("average", average_->averages());
    take("first_moment", moments.first);
    take("second_moment", moments.second);
    const auto numbers = kept.at("numbers").data<double>();
    average_->set_steps(static_cast<std::int64_t>(numbers[1]));
    set_moments(*optimizer_, parameters, moments, average_->steps());
    result_.best_epoch = static_cast<int>(numbers[2]);
    best_objective_ = numbers[3];
    for (const auto& [name, tensor] : kept) {
      if (name.starts_with("best/")) result_.weights[name.substr(5)] = tensor;
    }
    auto at = kept.at("epochs").data<double>().begin();
    for (int epoch = 0; epoch < static_cast<int>(numbers[0]); ++epoch, at += 5) {
      result_.epochs.push_back({.epoch = epoch,
                                .train_loss = at[0],
                                .val_loss = at[1],
                                .val_objective = at[2],
                                .val_top1 = at[3],
                                .seconds = at[4]});
    }
    last_ = result_.epochs.back();
    if (hooks_.on_epoch) {
      for (const FinetuneEpoch& epoch : result_.epochs) hooks_.on_epoch(epoch);
    }
  }

  std::unique_ptr<::torch::optim::AdamW> make_optimizer() {
    std::vector<::torch::optim::OptimizerParamGroup> groups;
    const auto add = [&](const ::torch::nn::Module& module, double rate) {
      for (const bool kernels : {true, false}) {
        std::vector<::torch::Tensor> members;
        for (const ::torch::Tensor& parameter : module.parameters()) {
          if (parameter.requires_grad() && (parameter.dim() > 1) == kernels)
            members.push_back(parameter);
        }
        groups.emplace_back(members, std::make_unique<::torch::optim::AdamWOptions>(
                                         ::torch::optim::AdamWOptions(rate).weight_decay(
                                             kernels ? recipe_.weight_decay : 0)));
        peak_rates_.push_back(rate);
      }
    };
    add(model_.blocks(), recipe_.learning_rate);
    add(model_.head(), recipe_.head_learning_rate);
    return std::make_unique<::torch::optim::AdamW>(groups, ::torch::optim::AdamWOptions());
  }

  /// `done`: share of the training, 0 to 1.
  void set_learning_rates(double done) {
    const double share = train::share_of_peak(train::ScheduleKind::cosine, recipe_.warm_up, done);
    for (std::size_t i = 0; i < peak_rates_.size(); ++i) {
      optimizer_->param_groups()[i].options().set_lr(peak_rates_[i] * share);
    }
  }

  /// A training clip's weight in the loss.
  [[nodiscard]] double weight_of(std::size_t clip) const {
    return static_cast<double>(label_weights_[data_.train[clip].label]);
  }

  double train_epoch(int epoch, GradientSum& gradients) {
    const auto number = static_cast<std::uint64_t>(epoch);
    const auto order = shuffled(data_.train.size(), draw_seed(options_.seed, 2, number));
    const auto batch_size = static_cast<std::size_t>(recipe_.batch_size);
    double sums[] = {0, 0};  // of weighted losses, of weights
    for (std::size_t first = 0; first < order.size(); first += batch_size) {
      hooks_.cancel.check();
      const auto batch =
          std::span(order).subspan(first, std::min(batch_size, order.size() - first));
      double total = 0;
      for (const std::size_t clip : batch) total += weight_of(clip);
      set_learning_rates(
          (epoch - 1 + static_cast<double>(first) / static_cast<double>(order.size())) /
          recipe_.epochs);
      optimizer_->zero_grad();
      const std::vector<std::size_t> mine = share_of(batch);
      for (std::size_t at = 0; at < mine.size(); at += clips_at_once_) {
        const auto some = std::span(mine).subspan(at, std::min(clips_at_once_, mine.size() - at));
        if (at + some.size() == mine.size()) gradients.expect_last_backward();
        sums[0] += backward(some, number, total);
        for (const std::size_t clip : some) sums[1] += weight_of(clip);
      }
      gradients.finish();
      ::torch::nn::utils::clip_grad_norm_(model_.parameters(), recipe_.max_gradient_norm);
      optimizer_->step();
      average_->update();
      report(epoch, first + batch.size());
    }
    ranks_.sum(sums);
    if (options_.train_batch_norm) average_statistics();
    return sums[0] / sums[1];
  }

  /// The batch norms' running statistics, which each rank takes from its own clips.
  void average_statistics() {
    const ::torch::NoGradGuard no_grad;
    for (::torch::Tensor& buffer : model_.blocks().buffers()) {
      ::torch::Tensor mean = buffer.to(::torch::kCPU, ::torch::kFloat64) / ranks_.size();
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

  /// Adds the gradients of some clips' losses, of the share in the batch that is their weight over
  /// `total`. The sum of weighted losses.
  double backward(std::span<const std::size_t> clips, std::uint64_t epoch, double total) {
    std::vector<DrawnClip> drawn;
    for (const std::size_t clip : clips) {
      drawn.push_back({data_.train[clip], draw_seed(options_.seed, epoch + 2, clip)});
    }
    const std::vector<::torch::Tensor> logits = model_.training_logits(drawn, recipe_.frames);
    ::torch::Tensor loss;
    double sum = 0;
    for (std::size_t i = 0; i < clips.size(); ++i) {
      const CachedClip& clip = data_.train[clips[i]];
      const ::torch::Tensor own = smoothed_loss(logits[i], clip.label, recipe_.label_smoothing);
      const double value = own.item<double>();
      if (!std::isfinite(value)) {
        throw Error(format("the loss of {} is no longer finite; try a lower learning rate",
                           clip.entry.filename().string()));
      }
      const double weight = weight_of(clips[i]);
      sum += value * weight;
      const ::torch::Tensor weighed = own * (weight / total);
      loss = loss.defined() ? loss + weighed : weighed;
    }
    loss.backward();
    return sum;
  }

  FinetuneEpoch validate(int epoch) {
    const std::size_t clips = data_.validation.size();
    std::vector<double> sums(3, 0);  // loss, objective, right answers
    for (std::size_t i = static_cast<std::size_t>(ranks_.rank()); i < clips;
         i += static_cast<std::size_t>(ranks_.size())) {
      hooks_.cancel.check();
      const CachedClip& clip = data_.validation[i];
      const std::size_t label[] = {clip.label};
      const evaluate::Score score =
          evaluate::score_of(to_tensor(model_.probabilities(clip)), label, recipe_.label_smoothing);
      sums[0] += score.loss;
      sums[1] += score.objective;
      sums[2] += score.top1;
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

  void keep_if_best(const FinetuneEpoch& scored) {
    last_ = scored;
    result_.epochs.push_back(scored);
    if (hooks_.on_epoch) hooks_.on_epoch(scored);
    if (!(scored.val_objective < best_objective_)) return;
    best_objective_ = scored.val_objective;
    result_.best_epoch = scored.epoch;
    result_.weights = model_.blocks().export_weights();
  }

  void report(int epoch, std::size_t clips) const {
    if (!hooks_.progress) return;
    const std::size_t all = data_.train.size();
    hooks_.progress({"fine-tune", static_cast<std::size_t>(epoch - 1) * all + clips,
                     static_cast<std::size_t>(recipe_.epochs) * all,
                     format("epoch {}, validation top-1 {:.1f} %, loss {:.3f}", epoch,
                            last_.val_top1 * 100, last_.val_loss)});
  }

  const FinetuneData& data_;
  const FinetuneOptions& options_;
  const std::size_t clips_at_once_;
  const FinetuneRecipe recipe_;
  Ranks& ranks_;
  const FinetuneHooks& hooks_;
  const std::vector<float> label_weights_;
  const FinetuneCheckpoint checkpoint_;
  JointModel model_;
  std::unique_ptr<::torch::optim::AdamW> optimizer_;
  std::optional<WeightAverage> average_;
  FinetuneResult result_;
  std::vector<double> peak_rates_;  // of the optimizer's groups
  FinetuneEpoch last_;
  double best_objective_ = std::numeric_limits<double>::infinity();
};

/// Every clip's tensors are as large as the last one's: what is freed stays with the process, or
/// the kernel would take the pages back and clear them anew for each (a third of the time).
void keep_freed_memory() {
#ifdef __GLIBC__
  ::mallopt(M_MMAP_THRESHOLD, 32 << 20);  // the most that glibc takes
  ::mallopt(M_TRIM_THRESHOLD, 1 << 30);
  ::mallopt(M_TOP_PAD, 64 << 20);
#endif
}

}  // namespace

FinetuneResult finetune(const FinetuneData& data, const FinetuneOptions& options, Ranks& ranks,
                        const FinetuneHooks& hooks) {
  check(data, options);
  keep_freed_memory();
  const int cpus = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  ::torch::set_num_threads(options.threads > 0 ? options.threads : cpus);
  return Finetuning(data, options, ranks, hooks).run();
}

}  // namespace vidclass::torch
