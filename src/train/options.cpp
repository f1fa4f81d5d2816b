// What the caller asked for, over the recipe of the head's kind.
#include <cmath>
#include <string>

#include "core/format.hpp"
#include "train/train.hpp"
#include "vidclass/error.hpp"

namespace vidclass::train {
namespace {

template <typename T>
void take(T& target, const std::optional<T>& wanted) {
  if (wanted) target = *wanted;
}

void require(bool fine, const char* what, double value, const char* right) {
  if (!fine) throw UsageError(format("{} must be {}, not {}", what, right, value));
}

void require_positive(double value, const char* what) {
  require(value > 0 && std::isfinite(value), what, value, "above 0");
}
void require_not_negative(double value, const char* what) {
  require(value >= 0 && std::isfinite(value), what, value, "0 or more");
}
void require_share(double value, const char* what) {
  require(value >= 0 && value < 1, what, value, "at least 0 and below 1");
}

}  // namespace

Recipe chosen_recipe(const TrainOptions& options) {
  Recipe recipe = recipe_for(options.spec.kind, frame_features(options.spec), options.mixture);
  if (!options.designs.empty()) recipe.designs = options.designs;
  take(recipe.epochs, options.epochs);
  take(recipe.batch_size, options.batch_size);
  take(recipe.learning_rate, options.learning_rate);
  take(recipe.optimiser, options.optimiser);
  take(recipe.momentum, options.momentum);
  take(recipe.nesterov, options.nesterov);
  take(recipe.weight_decay, options.weight_decay);
  take(recipe.schedule, options.schedule);
  take(recipe.warm_up, options.warm_up);
  take(recipe.label_smoothing, options.label_smoothing);
  take(recipe.output_dropout, options.output_dropout);
  take(recipe.balanced, options.balanced);
  take(recipe.clip_norm, options.clip_norm);
  take(recipe.accumulate, options.accumulate);
  take(recipe.patience, options.patience);
  take(recipe.members, options.members);
  recipe.keep_last = options.keep_last;

  require_positive(recipe.epochs, "the number of epochs");
  require_positive(recipe.batch_size, "the batch size");
  require_positive(recipe.learning_rate, "the learning rate");
  require_positive(recipe.members, "the number of members");
  require_positive(recipe.accumulate, "the number of batches to accumulate");
  require_not_negative(recipe.weight_decay, "the weight decay");
  require_not_negative(recipe.clip_norm, "the norm to clip gradients to");
  require_not_negative(recipe.patience, "the patience");
  require_share(recipe.momentum, "the momentum");
  require_share(recipe.warm_up, "the share of the warm-up");
  require_share(recipe.label_smoothing, "the label smoothing");
  require_share(recipe.output_dropout, "the dropout");
  if (recipe.nesterov && recipe.optimiser != OptimiserKind::sgd) {
    throw UsageError("Nesterov's momentum belongs to the optimiser sgd");
  }
  return recipe;
}

}  // namespace vidclass::train
