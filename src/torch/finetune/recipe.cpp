#include "torch/finetune/recipe.hpp"

#include "core/format.hpp"
#include "vidclass/error.hpp"

namespace vidclass::torch {

FinetuneRecipe finetune_recipe(const FinetuneOptions& options) {
  FinetuneRecipe recipe;
  if (options.epochs) recipe.epochs = *options.epochs;
  if (options.batch_size) recipe.batch_size = *options.batch_size;
  if (options.frames) recipe.frames = *options.frames;
  if (options.learning_rate) recipe.learning_rate = *options.learning_rate;
  if (options.head_learning_rate) recipe.head_learning_rate = *options.head_learning_rate;
  const auto require_positive = [](double value, const char* what) {
    if (!(value > 0)) throw UsageError(format("{} must be above 0, not {}", what, value));
  };
  require_positive(recipe.epochs, "the number of epochs");
  require_positive(recipe.batch_size, "the batch size");
  require_positive(recipe.frames, "the number of frames");
  require_positive(recipe.learning_rate, "the learning rate of the blocks");
  require_positive(recipe.head_learning_rate, "the learning rate of the head");
  return recipe;
}

}  // namespace vidclass::torch
