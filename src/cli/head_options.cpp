// The options of heads, their training and fine-tuning.
#include "cli/options.hpp"
#include "core/format.hpp"
#include "vidclass/error.hpp"

namespace vidclass::cli {
namespace {

/// What the recipes say: "60 (keras-gru 10, ...)" with that of `gru` first.
template <typename Field>
std::string by_kind(Field field) {
  using head::HeadKind;
  const auto value_of = [&](HeadKind kind) {
    return format("{}", std::invoke(field, train::recipe_for(kind)));
  };
  const std::string of_gru = value_of(HeadKind::gru);
  std::string others;
  for (const HeadKind kind : {HeadKind::moments, HeadKind::keras_gru, HeadKind::mean}) {
    const std::string value = value_of(kind);
    if (value == of_gru) continue;
    others += format("{}{} {}", others.empty() ? "" : ", ", head::to_string(kind), value);
  }
  return others.empty() ? of_gru : format("{}; {}", of_gru, others);
}

std::optional<train::Mixture> optional_mixture_from(const std::string& name) {
  if (name == "auto") return std::nullopt;
  return train::mixture_from(name);
}

/// --augment auto|none|faded.
std::optional<bool> augment_from(const std::string& name) {
  if (name == "auto") return std::nullopt;
  if (name == "faded" || name == "none") return name == "faded";
  throw UsageError(format("unknown augmentation \"{}\": choose auto, none or faded", name));
}

/// --streams auto|appearance|appearance,motion: is there one of motion?
std::optional<bool> motion_stream_from(const std::string& name) {
  if (name == "auto") return std::nullopt;
  const features::Streams streams = streams_from(name);
  if (!streams.appearance) {
    throw UsageError("motion is trained beside appearance: --streams appearance,motion");
  }
  return streams.motion;
}

void add_recipe_options(CLI::App& app, train::TrainOptions& recipe) {
  const auto* const optimiser = group::optimiser;
  app.add_option("--epochs", recipe.epochs, "passes over the training clips")
      ->default_str(by_kind(&train::Recipe::epochs))
      ->group(group::head)
      ->check(CLI::Range(1, 1'000'000));
  app.add_option("--members", recipe.members, "heads trained from different seeds and averaged")
      ->default_str(by_kind(&train::Recipe::members))
      ->group(group::head)
      ->check(CLI::Range(1, 1000));
  app.add_option("--hidden", recipe.hidden, "units of the gru in each direction")
      ->default_str(std::to_string(head::HeadSpec{}.hidden))
      ->group(group::head)
      ->check(CLI::Range(std::size_t{1}, std::size_t{100'000}));
  app.add_option("--dropout", recipe.output_dropout, "on what the classifier reads (gru)")
      ->default_str(by_kind(&train::Recipe::output_dropout))
      ->group(optimiser)
      ->check(CLI::Range(0.0, 0.99));
  app.add_option("--batch-size", recipe.batch_size, "clips in a training step")
      ->default_str(by_kind(&train::Recipe::batch_size))
      ->group(optimiser)
      ->check(CLI::Range(1, 1'000'000));
  app.add_option("--accumulate", recipe.accumulate,
                 "batches whose gradients are averaged into one step")
      ->default_str(by_kind(&train::Recipe::accumulate))
      ->group(optimiser)
      ->check(CLI::Range(1, 1'000'000));
  app.add_option("--learning-rate,--lr", recipe.learning_rate, "at its peak")
      ->default_str(by_kind(&train::Recipe::learning_rate))
      ->group(group::head)
      ->check(CLI::Range(1e-6, 10.0));
  add_choice(app, "--schedule", recipe.schedule, train::schedule_kind_from,
             by_kind([](const train::Recipe& r) { return train::to_string(r.schedule); }),
             "of the learning rate: cosine or constant")
      ->group(optimiser);
  app.add_option("--warm-up", recipe.warm_up, "share of all steps in which it rises to its peak")
      ->default_str(by_kind(&train::Recipe::warm_up))
      ->group(optimiser)
      ->check(CLI::Range(0.0, 0.99));
  add_choice(app, "--optimiser", recipe.optimiser, train::optimiser_kind_from,
             by_kind([](const train::Recipe& r) { return train::to_string(r.optimiser); }),
             "adamw, adam or sgd")
      ->group(optimiser);
  app.add_option("--momentum", recipe.momentum, "of sgd")
      ->default_str(by_kind(&train::Recipe::momentum))
      ->group(optimiser)
      ->check(CLI::Range(0.0, 0.9999));
  add_optional_flag(app, "--nesterov", recipe.nesterov, "sgd with Nesterov's momentum")
      ->group(optimiser);
  app.add_option("--weight-decay", recipe.weight_decay, "on kernels, not on biases")
      ->default_str(by_kind(&train::Recipe::weight_decay))
      ->group(optimiser)
      ->check(CLI::Range(0.0, 1000.0));
  app.add_option("--clip-norm", recipe.clip_norm,
                 "shorten gradients to this Euclidean norm, 0 for never")
      ->default_str(by_kind(&train::Recipe::clip_norm))
      ->group(optimiser)
      ->check(CLI::Range(0.0, 1e9));
  app.add_option("--label-smoothing", recipe.label_smoothing, "share of the loss")
      ->default_str(by_kind(&train::Recipe::label_smoothing))
      ->group(optimiser)
      ->check(CLI::Range(0.0, 0.99));
  add_optional_flag(
      app, "--balanced,!--no-balanced", recipe.balanced,
      format("let rare labels count as much as frequent ones ({} by default)",
             by_kind([](const train::Recipe& r) { return r.balanced ? "on" : "off"; })))
      ->group(optimiser);
  app.add_option("--patience", recipe.patience,
                 "end after so many epochs without a better validation loss, 0 for never")
      ->default_str(by_kind(&train::Recipe::patience))
      ->group(optimiser)
      ->check(CLI::Range(0, 1'000'000));
}

}  // namespace

features::Streams streams_from(const std::string& name) {
  if (name == "appearance") return {.appearance = true, .motion = false};
  if (name == "motion") return {.appearance = false, .motion = true};
  if (name == "appearance,motion") return {.appearance = true, .motion = true};
  throw UsageError(
      format("unknown streams \"{}\": choose appearance, motion or appearance,motion", name));
}

void add_head_options(CLI::App& app, pipeline::HeadRequest& head) {
  add_choice(app, "--head", head.options.spec.kind, head::head_kind_from,
             head::to_string(head.options.spec.kind),
             "gru (bidirectional GRUs and classifiers on moments over time), moments (the latter "
             "alone), keras-gru (the Keras example's network) or mean (the mean over time)")
      ->group(group::head);
  add_choice(app, "--ensemble", head.mixture, optional_mixture_from, "auto",
             "what most members of a gru read: motion (what changes), appearance (the scene too) "
             "or balanced; auto takes what does best on groups left out (docs/training.md)")
      ->group(group::head);
  add_choice(app, "--augment", head.faded, augment_from, "auto",
             "what a gru or moments is trained on besides the clips as they are: faded (clips with "
             "what does not move faded), or none; auto is faded")
      ->group(group::head);
  add_choice(
      app, "--streams", head.motion, motion_stream_from, "auto",
      "what decides: appearance (what the network sees of frames), or appearance,motion (how "
      "it moves as well, weighed by clips left out); auto is both for a gru")
      ->group(group::head);
  add_optional_flag(app, "--refit,!--no-refit", head.refit,
                    "once validated, train again, on the validation clips too (the default but for "
                    "keras-gru)")
      ->group(group::head);
  add_recipe_options(app, head.options);
  app.add_option(
         "--components", head.options.components,
         "of a gru and moments: principal axes of each map that they read along, not all values; "
         "0 for none (default: 240 for more than 500 clips)")
      ->group("+Memory")
      ->check(CLI::Range(std::size_t{0}, std::size_t{100'000}));
  constexpr std::size_t mega = 1'000'000;
  app.add_option_function<std::size_t>(
         "--feature-memory", [&head](std::size_t mb) { head.most_in_memory = mb * mega; },
         "MB of features kept in memory; larger sets are read from the cache batch by batch")
      ->default_str(std::to_string(head.most_in_memory / mega))
      ->group("+Memory")
      ->check(CLI::Range(std::size_t{0}, std::size_t{100'000'000}));
  add_former(app, "--views", "--ensemble motion|balanced|appearance|auto");
  add_former(app, "--looks", "--augment none|faded|auto");
  add_former(app, "--optimizer", "--optimiser");
}

void FinetuneFlags::setup(CLI::App& app) {
  add_choice(
      app, "--finetune", request_.blocks,
      [this](const std::string& name) {
        wanted_ = true;
        return backbone::tuned_blocks_from(name);
      },
      "none", "train the last blocks of Xception too: block14, block13 (and block14) or all")
      ->group("Fine-tuning");
  app.add_option("--finetune-epochs", request_.epochs, "passes over the training clips")
      ->group(group::finetuning)
      ->check(CLI::Range(1, 10'000));
  app.add_option("--finetune-batch-size", request_.batch_size, "clips in a step, over all ranks")
      ->group(group::finetuning)
      ->check(CLI::Range(1, 100'000));
  app.add_option("--finetune-frames", request_.frames, "frames of a clip that a step reads")
      ->group(group::finetuning)
      ->check(CLI::Range(1, 10'000));
  app.add_option("--finetune-rate", request_.learning_rate,
                 "learning rate of the blocks, at its peak")
      ->group(group::finetuning)
      ->check(CLI::Range(1e-8, 1.0));
  app.add_flag("--finetune-bn", request_.batch_norm,
               "train the batch norms too (else they stay frozen)")
      ->group(group::finetuning);
  app.add_flag("--finetune-flips", request_.flips,
               "mirrored clips too; not where left and right tell labels apart")
      ->group(group::finetuning);
}

std::optional<pipeline::FinetuneRequest> FinetuneFlags::request(const std::string& device) const {
  if (!wanted_) {
    if (request_.epochs || request_.batch_size || request_.frames || request_.learning_rate ||
        request_.batch_norm || request_.flips) {
      throw UsageError("the options --finetune-* need --finetune block14, block13 or all");
    }
    return std::nullopt;
  }
  pipeline::FinetuneRequest request = request_;
  request.device = device;
  return request;
}

}  // namespace vidclass::cli
