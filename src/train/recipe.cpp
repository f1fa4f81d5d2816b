#include "train/recipe.hpp"

namespace vidclass::train {

Recipe recipe_for(head::HeadKind kind) {
  switch (kind) {
    case head::HeadKind::mean:
      return {.epochs = 40,
              .batch_size = 32,
              .learning_rate = 1e-3,
              .weight_decay = 3,
              .cosine = true,
              .balanced = true};
    case head::HeadKind::keras_gru:
      // The Keras example: Adam at its defaults (learning rate 1e-3, epsilon 1e-7),
      // batches of 32, 10 epochs. Its dropout is part of the network.
      return {.epochs = 10, .batch_size = 32, .learning_rate = 1e-3, .adam_epsilon = 1e-7};
    case head::HeadKind::gru:
      break;
  }
  return {.epochs = 40,
          .batch_size = 16,
          .learning_rate = 2e-3,
          .weight_decay = 1e-2,
          .cosine = true,
          .label_smoothing = 0.1,
          .input_dropout = 0.2,
          .feature_dropout = 0.3,
          .output_dropout = 0.5,
          .balanced = true,
          .members = 3,
          .member_views = {{head::View::centred}, {head::View::centred}, {head::View::plain}}};
}

}  // namespace vidclass::train
