#include "cli/train_job.hpp"

#include <algorithm>

#include "backbone/calibration.hpp"
#include "cli/options.hpp"
#include "cli/train_library.hpp"
#include "core/format.hpp"
#include "dataset/split.hpp"
#include "vidclass/error.hpp"

namespace vidclass::cli {
namespace {

const train::Epoch& best_epoch(const train::MemberHistory& member) {
  return member.epochs.at(static_cast<std::size_t>(member.best_epoch) - 1);
}

Json to_json(const train::Recipe& recipe) {
  return {{"epochs", recipe.epochs},
          {"batch_size", recipe.batch_size},
          {"learning_rate", recipe.learning_rate},
          {"optimizer", train::to_string(recipe.optimizer)},
          {"weight_decay", recipe.weight_decay},
          {"schedule", train::to_string(recipe.schedule)},
          {"warm_up", recipe.warm_up},
          {"label_smoothing", recipe.label_smoothing},
          {"input_dropout", recipe.input_dropout},
          {"feature_dropout", recipe.feature_dropout},
          {"output_dropout", recipe.output_dropout},
          {"balanced", recipe.balanced},
          {"draws_looks", recipe.draws_looks},
          {"clip_norm", recipe.clip_norm},
          {"accumulate", recipe.accumulate},
          {"patience", recipe.patience}};
}

}  // namespace

void HeadOptions::setup(CLI::App& app) {
  app.add_option("--head", head, "gru, keras-gru (the Keras example's network) or mean")
      ->capture_default_str();
  app.add_option("--views", views,
                 "what the members of a gru read: balanced, changes, scene, or auto, which takes "
                 "what does best on groups left out (docs/training.md)")
      ->capture_default_str();
  app.add_option("--looks", looks,
                 "what a gru or moments is trained on: plain clips, or faded: also with what does "
                 "not move faded, drawn by turns; auto is faded")
      ->capture_default_str()
      ->check(CLI::IsMember({"auto", "plain", "faded"}));
  add_optional_flag(app, "--refit,!--no-refit", refit,
                    "once validated, train again, on the validation clips too (the default but for "
                    "keras-gru)");
  app.add_option("--members", chosen.members, "heads trained from different seeds and averaged")
      ->check(CLI::Range(1, 1000));
  app.add_option("--epochs", chosen.epochs, "passes over the training clips")
      ->check(CLI::Range(1, 1'000'000));
  app.add_option("--batch-size", chosen.batch_size, "clips in a training step")
      ->check(CLI::Range(1, 1'000'000));
  app.add_option("--accumulate", chosen.accumulate,
                 "batches whose gradients are averaged into one step")
      ->check(CLI::Range(1, 1'000'000));
  app.add_option("--learning-rate,--lr", chosen.learning_rate, "at its peak")
      ->check(CLI::Range(1e-6, 10.0));
  app.add_option("--schedule", schedule, "of the learning rate: cosine or constant");
  app.add_option("--warm-up", chosen.warm_up, "share of all steps in which it rises to its peak")
      ->check(CLI::Range(0.0, 0.99));
  app.add_option("--optimizer", optimizer, "adamw, adam or sgd");
  app.add_option("--momentum", chosen.momentum, "of sgd (default 0.9)")
      ->check(CLI::Range(0.0, 0.9999));
  add_optional_flag(app, "--nesterov", chosen.nesterov, "sgd with Nesterov's momentum");
  app.add_option("--weight-decay", chosen.weight_decay, "on kernels, not on biases")
      ->check(CLI::Range(0.0, 1000.0));
  app.add_option("--clip-norm", chosen.clip_norm,
                 "shorten gradients to this Euclidean norm, 0 for never")
      ->check(CLI::Range(0.0, 1e9));
  app.add_option("--label-smoothing", chosen.label_smoothing, "share of the loss")
      ->check(CLI::Range(0.0, 0.99));
  app.add_option("--dropout", chosen.output_dropout, "on what the classifier reads (gru)")
      ->check(CLI::Range(0.0, 0.99));
  app.add_option("--hidden", chosen.hidden, "units of the gru in each direction")
      ->check(CLI::Range(std::size_t{1}, std::size_t{100'000}));
  add_optional_flag(app, "--balanced,!--no-balanced", chosen.balanced,
                    "let rare labels count as much as frequent ones");
  app.add_option("--patience", chosen.patience,
                 "end after so many epochs without a better validation loss, 0 for never")
      ->check(CLI::Range(0, 1'000'000));
  app.add_option("--feature-memory", feature_memory_mb,
                 "MB of features kept in memory; larger sets are read from the cache batch by "
                 "batch")
      ->capture_default_str()
      ->check(CLI::Range(std::size_t{0}, std::size_t{100'000'000}));
}

train::TrainOptions HeadOptions::train_options(std::uint64_t seed, int threads) const {
  train::TrainOptions options = chosen;
  options.spec.kind = head::head_kind_from(head);
  if (!optimizer.empty()) options.optimizer = train::optimizer_kind_from(optimizer);
  if (views != "auto") options.mixture = train::mixture_from(views);
  if (!schedule.empty()) options.schedule = train::schedule_kind_from(schedule);
  options.seed = seed;
  options.threads = threads;
  static_cast<void>(train::chosen_recipe(options));
  static_cast<void>(wants_faded());
  return options;
}

bool HeadOptions::wants_faded() const {
  const head::HeadKind kind = head::head_kind_from(head);
  if (train::recipe_for(kind).draws_looks) return looks != "plain";
  if (looks != "faded") return false;
  throw UsageError(format("{} is trained on plain clips: leave out --looks faded", head));
}

bool HeadOptions::refits(head::HeadKind kind) const {
  return refit.value_or(kind != head::HeadKind::keras_gru);
}

void set_sizes(head::HeadSpec& spec, const DataFeatures& features, std::size_t labels) {
  spec.features = features.settings.backbone.feature_size;
  spec.middle = features.settings.backbone.middle_size;
  spec.poolings = features.settings.clip.motion_grid > 0 ? 2 : 1;
  spec.labels = labels;
}

train::TrainResult train_on(const TrainingData& data, const DataFeatures& features,
                            std::size_t labels, train::TrainOptions options,
                            const train::LearnerFactory& make_learner,
                            const train::TrainHooks& hooks) {
  set_sizes(options.spec, features, labels);
  return train::train_heads(data.train, data.validation, options, make_learner, hooks);
}

train::TrainResult train_on(const DataFeatures& features, std::size_t labels,
                            train::TrainOptions options, bool refit,
                            const train::LearnerFactory& make_learner,
                            const train::TrainHooks& hooks) {
  const TrainingData data{features.of(dataset::Split::train).data,
                          features.of(dataset::Split::validation).data};
  train::TrainResult result = train_on(data, features, labels, options, make_learner, hooks);
  if (!refit || result.stopped) return result;
  options.keep_last = true;
  if (!options.checkpoints.dir.empty()) options.checkpoints.dir /= "refit";
  const train::TrainHooks quietly{.progress = named(hooks.progress, " on all clips"),
                                  .cancel = hooks.cancel};
  try {
    train::TrainResult again =
        train_on({train::joined(data.train, data.validation), data.validation}, features, labels,
                 options, make_learner, quietly);
    result.seconds += again.seconds;
    result.stopped = again.stopped;
    if (again.stopped) return result;
    result.heads = std::move(again.heads);
    result.refitted = true;
  } catch (const Cancelled&) {
    result.stopped = true;
  }
  return result;
}

std::future<train::TrainResult> train_baseline(const DataFeatures& features, std::size_t labels,
                                               std::uint64_t seed, bool refit,
                                               const CancellationToken& cancel) {
  train::TrainOptions options;
  options.spec.kind = head::HeadKind::mean;
  options.seed = seed;
  return std::async(std::launch::async, [&features, labels, options, refit, cancel] {
    return train_on(features, labels, options, refit, learner_factory(head::HeadKind::mean),
                    {.cancel = cancel});
  });
}

Tensor probabilities_of(head::HeadRunner& runner, const FeatureSource& clips, std::size_t labels) {
  constexpr std::size_t clips_at_once = 64;
  Tensor all(DType::f32, {clips.size(), labels});
  auto target = all.data<float>().begin();
  std::vector<Tensor> some;
  for (std::size_t i = 0; i < clips.size(); ++i) {
    some.push_back(*clips.features(i));
    if (some.size() < clips_at_once && i + 1 < clips.size()) continue;
    const Tensor found = runner.probabilities(some);
    target = std::copy(found.data<float>().begin(), found.data<float>().end(), target);
    some.clear();
  }
  return all;
}

model::Model make_model(const dataset::Manifest& manifest, const DataFeatures& features,
                        train::TrainResult heads, head::Head baseline, const SplitFacts& split,
                        std::uint64_t seed, model::SeenClips seen, const Json& views) {
  model::Model model;
  model.seen = std::move(seen);
  model.labels = manifest.labels;
  model.clip = features.settings.clip;
  model.backbone = features.settings.backbone.name;
  model.network = features.settings.backbone.file;
  model.fingerprint = features.settings.backbone.fingerprint;
  model.precision = backbone::to_string(features.settings.backbone.precision);
  if (const auto& calibration = features.settings.backbone.calibration) {
    model.calibration = calibration->ranges;
  }
  model.baseline = std::move(baseline);
  const auto clips_in = [&](dataset::Split which) { return features.of(which).clips.size(); };
  Json training{
      {"seed", seed},
      {"split", {{"seed", split.seed}, {"validation", split.validation}, {"test", split.test}}},
      {"train_clips", clips_in(dataset::Split::train)},
      {"val_clips", clips_in(dataset::Split::validation)}};
  if (split.fold) {
    training["split"]["fold"] = {{"number", split.fold->number}, {"of", split.fold->of}};
  }
  training.update(to_json(heads));
  if (!views.is_null()) training["views"] = views;
  model.training = to_strict_text(training);
  model.heads = std::move(heads.heads);
  return model;
}

SplitFacts split_facts(const model::Model& model) {
  try {
    const Json split = parse_json(model.training).at("split");
    SplitFacts facts{.seed = split.at("seed").get<std::uint64_t>(),
                     .validation = split.at("validation").get<double>(),
                     .test = split.at("test").get<double>(),
                     .fold = std::nullopt};
    if (const auto fold = split.find("fold"); fold != split.end()) {
      facts.fold = dataset::Fold{fold->at("number").get<int>(), fold->at("of").get<int>()};
    }
    return facts;
  } catch (const JsonException&) {
    // A model made elsewhere need not say; the defaults serve given splits as well.
    const dataset::SplitOptions defaults;
    return {.seed = defaults.seed,
            .validation = defaults.validation,
            .test = defaults.test,
            .fold = std::nullopt};
  }
}

bool was_refitted(const model::Model& model) {
  const Json training = try_parse_json(model.training);
  return training.is_object() && training.value("refitted", false);
}

Json to_json(const train::TrainResult& result) {
  Json members = Json::array();
  for (const auto& member : result.members) {
    Json epochs = Json::array();
    for (const auto& epoch : member.epochs) {
      epochs.push_back({{"epoch", epoch.epoch},
                        {"train_loss", epoch.train_loss},
                        {"val_loss", epoch.val_loss},
                        {"val_objective", epoch.val_objective},
                        {"val_top1", epoch.val_top1},
                        {"learning_rate", epoch.learning_rate}});
    }
    members.push_back(
        {{"seed", member.seed}, {"best_epoch", member.best_epoch}, {"epochs", epochs}});
  }
  return {{"val_top1", result.val_top1},      {"val_loss", result.val_loss},
          {"refitted", result.refitted},      {"seconds", result.seconds},
          {"recipe", to_json(result.recipe)}, {"members", members}};
}

Json train_summary(const train::TrainResult& result, std::uint64_t seed) {
  double train_loss = 0;
  std::size_t epochs = 0;
  Json best = Json::array();
  std::size_t parameters = 0;
  for (const head::Head& head : result.heads) parameters += head::parameter_count(head.spec);
  for (const auto& member : result.members) {
    train_loss += best_epoch(member).train_loss / static_cast<double>(result.members.size());
    epochs = std::max(epochs, member.epochs.size());
    best.push_back(member.best_epoch);
  }
  return {{"head", head::to_string(result.heads.at(0).spec.kind)},
          {"members", result.members.size()},
          {"parameters", parameters},
          {"epochs", epochs},
          {"best_epochs", best},
          {"seconds", result.seconds},
          {"train_loss", train_loss},
          {"val_loss", result.val_loss},
          {"val_top1", result.val_top1},
          {"refitted", result.refitted},
          {"seed", seed}};
}

}  // namespace vidclass::cli
