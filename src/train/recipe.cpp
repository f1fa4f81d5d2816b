#include "train/recipe.hpp"

#include <algorithm>
#include <string>

#include "vidclass/error.hpp"

namespace vidclass::train {

std::string_view to_string(OptimiserKind kind) noexcept {
  switch (kind) {
    case OptimiserKind::adam:
      return "adam";
    case OptimiserKind::sgd:
      return "sgd";
    case OptimiserKind::adamw:
      break;
  }
  return "adamw";
}

std::string_view to_string(ScheduleKind kind) noexcept {
  return kind == ScheduleKind::cosine ? "cosine" : "constant";
}

OptimiserKind optimiser_kind_from(std::string_view name) {
  for (const auto kind : {OptimiserKind::adamw, OptimiserKind::adam, OptimiserKind::sgd}) {
    if (name == to_string(kind)) return kind;
  }
  throw UsageError("there is no optimiser \"" + std::string(name) +
                   "\"; choose adamw, adam or sgd");
}

ScheduleKind schedule_kind_from(std::string_view name) {
  for (const auto kind : {ScheduleKind::constant, ScheduleKind::cosine}) {
    if (name == to_string(kind)) return kind;
  }
  throw UsageError("there is no schedule \"" + std::string(name) + "\"; choose cosine or constant");
}

Recipe recipe_for(head::HeadKind kind, const FrameFeatures& available, Mixture mixture) {
  switch (kind) {
    case head::HeadKind::mean:
      return {.epochs = 40,
              .batch_size = 32,
              .learning_rate = 1e-3,
              .weight_decay = 3,
              .schedule = ScheduleKind::cosine,
              .warm_up = 0.05,
              .balanced = true};
    case head::HeadKind::keras_gru:
      // The Keras example: Adam at its defaults (learning rate 1e-3, epsilon 1e-7),
      // batches of 32, 10 epochs. Its dropout is part of the network.
      return {.epochs = 10,
              .batch_size = 32,
              .learning_rate = 1e-3,
              .optimiser = OptimiserKind::adam,
              .adam_epsilon = 1e-7};
    case head::HeadKind::gru:
    case head::HeadKind::moments:
      break;
    case head::HeadKind::layers:
      throw Error("a head of layers was trained elsewhere: there is no recipe for it");
  }
  Recipe recipe{.epochs = 40,
                .batch_size = 16,
                .learning_rate = 2e-3,
                .weight_decay = 1e-2,
                .schedule = ScheduleKind::cosine,
                .warm_up = 0.05,
                .label_smoothing = 0.1,
                .input_dropout = 0.2,
                .feature_dropout = 0.3,
                .output_dropout = 0.5,
                .balanced = true,
                .draws_augmented = true,
                .members = 6,
                .designs = member_designs(mixture, available)};
  if (kind == head::HeadKind::moments) {
    recipe.members = 1;
    std::erase_if(recipe.designs, [](const MemberDesign& design) {
      return design.kind != head::HeadKind::moments;
    });
    // Of a mixture's two, the one that reads more, which alone tells the mixtures apart.
    std::stable_sort(recipe.designs.begin(), recipe.designs.end(),
                     [](const MemberDesign& a, const MemberDesign& b) {
                       return a.transforms.size() > b.transforms.size();
                     });
  }
  return recipe;
}

}  // namespace vidclass::train
