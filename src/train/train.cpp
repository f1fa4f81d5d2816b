#include "train/train.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <mutex>
#include <system_error>
#include <utility>

#include "core/arrays.hpp"
#include "core/format.hpp"
#include "core/parallel.hpp"
#include "evaluate/score.hpp"
#include "train/average.hpp"
#include "train/checkpoint_keeper.hpp"
#include "train/head_inputs.hpp"
#include "train/member_training.hpp"
#include "train/settings.hpp"
#include "vidclass/error.hpp"

namespace vidclass::train {
namespace {

void check(const Tensor& clip, const head::HeadSpec& spec, const std::string& name) {
  if (clip.dtype() != DType::f32 || clip.rank() != 2 || clip.dim(0) == 0 ||
      clip.dim(1) != head::input_width(spec)) {
    throw Error(format("{} is {} {} instead of F32 [T, {}]", name, name_of(clip.dtype()),
                       format_shape(clip.shape()), head::input_width(spec)));
  }
  if (!all_finite(clip)) {
    throw Error(format("{} holds values that are not finite", name));
  }
}

void check(const LabelledFeatures& data, const head::HeadSpec& spec, const char* what) {
  if (data.size() == 0) throw Error(format("there is no {} clip to train with", what));
  if (data.labels.size() != data.size()) {
    throw Error(format("{} {} clips have {} labels", data.size(), what, data.labels.size()));
  }
  for (std::size_t i = 0; i < data.size(); ++i) {
    const std::string name = format("{} clip {}", what, i);
    check(*data.clips->features(i), spec, name);
    if (data.augmented) check(*data.augmented->features(i), spec, name);
    if (data.labels[i] >= spec.labels) {
      throw Error(format("{} has the label {} of {}", name, data.labels[i], spec.labels));
    }
  }
}

/// What member `index` is and reads.
head::HeadSpec member_spec(const TrainOptions& options, const Recipe& recipe, int index) {
  head::HeadSpec spec = options.spec;
  if (options.hidden) spec.hidden = *options.hidden;
  if (!recipe.designs.empty()) {
    const MemberDesign& design =
        recipe.designs[static_cast<std::size_t>(index) % recipe.designs.size()];
    spec.kind = design.kind;
    spec.transforms = design.transforms;
  }
  return spec;
}

/// Far apart in the generator's space for neighbouring user seeds (splitmix64's
/// increment, Steele et al. 2014).
std::uint64_t member_seed(std::uint64_t seed, int member) {
  return seed + static_cast<std::uint64_t>(member) * 0x9E3779B97F4A7C15ULL;
}

/// Tells of all members together; several threads may call it.
class Reporter {
public:
  Reporter(const TrainHooks& hooks, const TrainOptions& options, const Recipe& recipe)
      : hooks_(hooks),
        stage_(format("train {}", head::to_string(options.spec.kind))),
        epochs_(recipe.epochs),
        keep_last_(recipe.keep_last),
        done_(static_cast<std::size_t>(recipe.members)) {}

  void tell(int member, const MemberTraining& training) {
    const std::lock_guard lock(mutex_);
    Done& done = done_[static_cast<std::size_t>(member)];
    const auto& epochs = training.history().epochs;
    for (; done.epochs < epochs.size(); ++done.epochs) {
      const Epoch& last = epochs[done.epochs];
      last_ = format("epoch {} of {}, loss {:.3f}", last.epoch, epochs_, last.train_loss);
      // Of clips that are trained on it would mean nothing.
      if (!keep_last_) last_ += format(", validation top-1 {:.1f} %", last.val_top1 * 100);
      if (hooks_.on_epoch) hooks_.on_epoch(member, epochs[done.epochs]);
    }
    // Training that ended early has nothing left to do.
    done.steps = training.finished() ? training.steps_in_all() : training.steps_done();
    if (!hooks_.progress) return;
    std::size_t steps = 0;
    for (const Done& other : done_) steps += other.steps;
    hooks_.progress({stage_, steps, training.steps_in_all() * done_.size(), last_});
  }

private:
  struct Done {
    std::size_t steps = 0;
    std::size_t epochs = 0;  // those that were told
  };

  const TrainHooks& hooks_;
  std::string stage_;
  int epochs_;
  bool keep_last_;
  std::mutex mutex_;
  std::vector<Done> done_;
  std::string last_;
};

/// A member at its best epoch, and what it says of the validation clips.
struct Member {
  head::Head head;
  MemberHistory history;
  Tensor probabilities;  // [clips, L]
};

}  // namespace

Tensor average_probabilities(const TrainResult& result) {
  std::vector<const Tensor*> members;
  for (const Tensor& member : result.probabilities) members.push_back(&member);
  return average_of(members);
}

TrainResult train_heads(const LabelledFeatures& train, const LabelledFeatures& validation,
                        const TrainOptions& options, const TrainHooks& hooks) {
  const Recipe recipe = chosen_recipe(options, train.size());
  const auto began = std::chrono::steady_clock::now();
  hooks.cancel.check();
  check(train, options.spec, "training");
  check(validation, options.spec, "validation");
  LabelledFeatures drawn = train;
  if (!recipe.draws_augmented) drawn.augmented = nullptr;
  LabelledFeatures looked_at = validation;
  looked_at.augmented = nullptr;  // nothing is drawn of clips that are only looked at
  std::vector<head::HeadSpec> specs;
  for (int i = 0; i < recipe.members; ++i) specs.push_back(member_spec(options, recipe, i));
  const HeadInputs inputs(drawn, looked_at, specs, components_for(options, train.size()),
                          options.seed, options.threads, options.room,
                          {.progress = hooks.progress, .cancel = hooks.cancel});

  const HeadInput first = inputs.of(specs.front());
  CheckpointKeeper keeper(options.checkpoints, first.train, first.validation);
  Reporter reporter(hooks, options, recipe);
  std::vector<Member> members(specs.size());
  for_each_index(members.size(), thread_count(options.threads), [&](std::size_t i) {
    const int index = static_cast<int>(i);
    Member& member = members[i];
    const head::HeadSpec trained = inputs.trained(specs[i]);
    const std::uint64_t seed = member_seed(options.seed, index);
    const HeadInput input = inputs.of(specs[i]);
    MemberTraining training(trained, recipe, input.train, input.validation, seed);
    auto kept = keeper.member(index, describe(trained, recipe, seed));
    kept.resume(training);
    if (!training.history().epochs.empty()) reporter.tell(index, training);
    while (!training.finished() && !hooks.cancel.requested()) {
      training.step();
      kept.after_step(training);
      reporter.tell(index, training);
    }
    if (hooks.cancel.requested()) kept.keep(training);
    member.head = inputs.finished(training.best_parameters(), specs[i]);
    member.history = training.history();
    member.probabilities = training.best_probabilities();
    if (training.finished() && member.history.best_epoch == 0) {
      throw Error("the validation loss was never finite; try a lower learning rate");
    }
  });

  TrainResult result;
  result.recipe = recipe;
  result.stopped = hooks.cancel.requested() &&
                   std::any_of(members.begin(), members.end(), [&](const Member& member) {
                     return static_cast<int>(member.history.epochs.size()) < recipe.epochs;
                   });
  std::erase_if(members, [](const Member& member) { return member.history.best_epoch == 0; });
  if (members.empty()) throw Cancelled();
  for (Member& member : members) {
    result.heads.push_back(std::move(member.head));
    result.probabilities.push_back(std::move(member.probabilities));
    result.members.push_back(std::move(member.history));
  }
  const evaluate::Score score =
      evaluate::score_of(average_probabilities(result), validation.labels, recipe.label_smoothing);
  result.val_loss = score.loss;
  result.val_top1 = score.top1;
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  return result;
}

}  // namespace vidclass::train
