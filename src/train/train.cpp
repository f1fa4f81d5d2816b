#include "vidclass/train/train.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>
#include <limits>
#include <mutex>

#include <torch/torch.h>

#include "core/format.hpp"
#include "train/member_training.hpp"
#include "train/recipe.hpp"
#include "vidclass/core/error.hpp"
#include "vidclass/core/parallel.hpp"

namespace vidclass::train {
namespace {

/// The products of a head are so small that waking other threads costs more than
/// it gains (2.5 times slower with two, measured). Several heads train side by
/// side instead, which also makes the result independent of the number of threads.
void use_one_thread() { torch::set_num_threads(1); }

void check(const LabelledFeatures& data, const head::HeadSpec& spec, const char* what) {
  if (data.clips.empty()) throw Error(format("there is no {} clip to train with", what));
  if (data.labels.size() != data.clips.size()) {
    throw Error(format("{} {} clips have {} labels", data.clips.size(), what, data.labels.size()));
  }
  for (std::size_t i = 0; i < data.clips.size(); ++i) {
    const Tensor& clip = data.clips[i];
    if (clip.dtype() != DType::f32 || clip.rank() != 2 || clip.dim(0) == 0 ||
        clip.dim(1) != head::input_width(spec)) {
      throw Error(format("{} clip {} is {} {} instead of F32 [T, {}]", what, i,
                         name_of(clip.dtype()), format_shape(clip.shape()),
                         head::input_width(spec)));
    }
    if (data.labels[i] >= spec.labels) {
      throw Error(
          format("{} clip {} has the label {} of {}", what, i, data.labels[i], spec.labels));
    }
    const auto values = clip.data<float>();
    if (!std::all_of(values.begin(), values.end(), [](float v) { return std::isfinite(v); })) {
      throw Error(format("{} clip {} holds values that are not finite", what, i));
    }
  }
}

Recipe chosen_recipe(const TrainOptions& options) {
  Recipe recipe = recipe_for(options.spec.kind, options.spec.poolings);
  if (options.epochs) recipe.epochs = *options.epochs;
  if (options.batch_size) recipe.batch_size = *options.batch_size;
  if (options.learning_rate) recipe.learning_rate = *options.learning_rate;
  if (options.members) recipe.members = *options.members;
  const auto require_positive = [](double value, const char* what) {
    if (!(value > 0)) throw UsageError(format("{} must be above 0, not {}", what, value));
  };
  require_positive(recipe.epochs, "the number of epochs");
  require_positive(recipe.batch_size, "the batch size");
  require_positive(recipe.learning_rate, "the learning rate");
  require_positive(recipe.members, "the number of members");
  return recipe;
}

struct Score {
  double loss = 0;
  double objective = 0;  // the loss with label smoothing (Szegedy et al. 2016)
  double top1 = 0;
};

/// From probabilities [N, L] and labels [N].
Score score_of(const torch::Tensor& probabilities, const torch::Tensor& labels,
               double label_smoothing) {
  const torch::Tensor surprise = -probabilities.clamp_min(1e-7).log();
  const double loss = surprise.gather(1, labels.unsqueeze(1)).mean().item<double>();
  return {
      .loss = loss,
      .objective = (1 - label_smoothing) * loss + label_smoothing * surprise.mean().item<double>(),
      .top1 = probabilities.argmax(1).eq(labels).to(torch::kFloat64).mean().item<double>()};
}

/// What member `index` reads and is.
head::HeadSpec member_spec(const TrainOptions& options, const Recipe& recipe, int index) {
  head::HeadSpec spec = options.spec;
  if (options.mixed_views && !recipe.member_views.empty()) {
    spec.views = recipe.member_views[static_cast<std::size_t>(index) % recipe.member_views.size()];
  }
  return spec;
}

/// Far apart in the generator's space for neighbouring user seeds (splitmix64's
/// increment, Steele et al. 2014).
std::uint64_t member_seed(std::uint64_t seed, int member) {
  return seed + static_cast<std::uint64_t>(member) * 0x9E3779B97F4A7C15ULL;
}

/// A trained member, and what it says of the validation clips.
struct Member {
  head::Head head;
  MemberHistory history;
  torch::Tensor probabilities;  // [clips, L]
};

Member train_member(const LabelledFeatures& train, const LabelledFeatures& validation,
                    const torch::Tensor& truth, const head::HeadSpec& spec, const Recipe& recipe,
                    std::uint64_t seed, const CancellationToken& cancel,
                    const std::function<void(const Epoch&)>& on_epoch) {
  Member member;
  member.head.spec = spec;
  member.history.seed = seed;
  MemberTraining training(spec, recipe, train, seed);
  double best_objective = std::numeric_limits<double>::infinity();
  for (int number = 1; number <= recipe.epochs; ++number) {
    cancel.check();
    const double train_loss = training.run_epoch(number);
    const torch::Tensor probabilities = training.probabilities(validation);
    const Score score = score_of(probabilities, truth, recipe.label_smoothing);
    member.history.epochs.push_back({number, train_loss, score.loss, score.objective, score.top1});
    if (score.objective < best_objective) {
      best_objective = score.objective;
      member.head.parameters = training.parameters();
      member.probabilities = probabilities;
      member.history.best_epoch = number;
    }
    on_epoch(member.history.epochs.back());
  }
  if (member.history.best_epoch == 0) {
    throw Error("the validation loss was never finite; try a lower learning rate");
  }
  return member;
}

}  // namespace

TrainResult train_heads(const LabelledFeatures& train, const LabelledFeatures& validation,
                        const TrainOptions& options, const ProgressFunction& progress,
                        const CancellationToken& cancel) {
  check(train, options.spec, "training");
  check(validation, options.spec, "validation");
  const Recipe recipe = chosen_recipe(options);
  const auto began = std::chrono::steady_clock::now();
  const std::vector<std::int64_t> labels(validation.labels.begin(), validation.labels.end());
  const torch::Tensor truth = torch::tensor(labels, torch::kInt64);

  std::mutex mutex;
  std::size_t epochs_done = 0;
  const auto on_epoch = [&](const Epoch& epoch) {
    const std::lock_guard lock(mutex);
    ++epochs_done;
    if (!progress) return;
    progress(
        {format("train {}", head::to_string(options.spec.kind)), epochs_done,
         static_cast<std::size_t>(recipe.members) * static_cast<std::size_t>(recipe.epochs),
         format("loss {:.3f}, validation top-1 {:.1f} %", epoch.train_loss, epoch.val_top1 * 100)});
  };
  std::vector<Member> members(static_cast<std::size_t>(recipe.members));
  for_each_index(members.size(), thread_count(options.threads), [&](std::size_t i) {
    use_one_thread();
    const int index = static_cast<int>(i);
    members[i] = train_member(train, validation, truth, member_spec(options, recipe, index), recipe,
                              member_seed(options.seed, index), cancel, on_epoch);
  });

  TrainResult result;
  torch::Tensor sum = torch::zeros_like(members[0].probabilities);
  for (Member& member : members) {
    sum += member.probabilities;
    result.heads.push_back(std::move(member.head));
    result.members.push_back(std::move(member.history));
  }
  const Score score = score_of(sum / recipe.members, truth, recipe.label_smoothing);
  result.val_loss = score.loss;
  result.val_top1 = score.top1;
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  return result;
}

}  // namespace vidclass::train
