// What the caller asked for, over the recipe of the head's kind.
#include <algorithm>
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

int epochs_for(std::size_t clips, int epochs_of_few) {
  constexpr double few = 600;
  constexpr double least = 10;
  if (static_cast<double>(clips) <= few) return epochs_of_few;
  const double fewer = epochs_of_few * std::sqrt(few / static_cast<double>(clips));
  return static_cast<int>(std::lround(std::max(least, fewer)));
}

}  // namespace

std::size_t components_for(const TrainOptions& options, std::size_t clips) {
  // Tiles of the products of matrices are 24 columns wide (train/matrix.cpp).
  constexpr std::size_t of_many = 240;
  constexpr std::size_t few_clips = 500;
  return options.components.value_or(clips > few_clips ? of_many : 0);
}

Recipe chosen_recipe(const TrainOptions& options, std::size_t clips) {
  Recipe recipe = recipe_for(options.spec.kind, frame_features(options.spec), options.mixture);
  if (head::reads_transforms(options.spec.kind)) recipe.epochs = epochs_for(clips, recipe.epochs);
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
