#include "cli/train_job.hpp"

#include <algorithm>

#include "vidclass/core/error.hpp"
#include "vidclass/dataset/split.hpp"

namespace vidclass::cli {
namespace {

const train::Epoch& best_epoch(const train::MemberHistory& member) {
  return member.epochs.at(static_cast<std::size_t>(member.best_epoch) - 1);
}

}  // namespace

void HeadOptions::setup(CLI::App& app) {
  app.add_option("--head", head, "gru, keras-gru (the Keras example's network) or mean")
      ->capture_default_str();
  app.add_option("--epochs", epochs, "passes over the training clips")
      ->check(CLI::Range(1, 1'000'000));
  app.add_option("--batch-size", batch_size, "clips in a training step")
      ->check(CLI::Range(1, 1'000'000));
  app.add_option("--learning-rate", learning_rate, "at its peak")->check(CLI::Range(1e-6, 10.0));
  app.add_option("--members", members, "heads trained from different seeds and averaged")
      ->check(CLI::Range(1, 1000));
}

train::TrainOptions HeadOptions::train_options(head::HeadKind kind, std::uint64_t seed,
                                               const DataFeatures& features, std::size_t labels,
                                               int threads) const {
  train::TrainOptions options;
  options.spec.kind = kind;
  options.spec.features = features.settings.backbone.feature_size;
  options.spec.poolings = features.settings.clip.motion_grid > 0 ? 2 : 1;
  options.spec.labels = labels;
  options.seed = seed;
  options.epochs = epochs;
  options.batch_size = batch_size;
  options.learning_rate = learning_rate;
  options.members = members;
  options.threads = threads;
  return options;
}

train::TrainResult train_plain(const TrainLibrary& library, head::HeadKind kind, std::uint64_t seed,
                               const DataFeatures& features, std::size_t labels, int threads,
                               const Context& context) {
  return library.train_heads(features.of(dataset::Split::train).data,
                             features.of(dataset::Split::validation).data,
                             HeadOptions{}.train_options(kind, seed, features, labels, threads),
                             context.progress, context.cancel);
}

model::Model make_model(const dataset::Manifest& manifest, const DataFeatures& features,
                        train::TrainResult heads, head::Head baseline, const SplitFacts& split,
                        std::uint64_t seed, model::SeenClips seen) {
  model::Model model;
  model.seen = std::move(seen);
  model.labels = manifest.labels;
  model.clip = features.settings.clip;
  model.backbone = features.settings.backbone.name;
  model.fingerprint = features.settings.backbone.fingerprint;
  model.precision = backbone::to_string(features.settings.backbone.precision);
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
  model.training = training.dump();
  model.heads = std::move(heads.heads);
  return model;
}

SplitFacts split_facts(const model::Model& model) {
  try {
    const Json split = Json::parse(model.training).at("split");
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

Json to_json(const train::TrainResult& result) {
  Json members = Json::array();
  for (const auto& member : result.members) {
    Json epochs = Json::array();
    for (const auto& epoch : member.epochs) {
      epochs.push_back({{"epoch", epoch.epoch},
                        {"train_loss", epoch.train_loss},
                        {"val_loss", epoch.val_loss},
                        {"val_objective", epoch.val_objective},
                        {"val_top1", epoch.val_top1}});
    }
    members.push_back(
        {{"seed", member.seed}, {"best_epoch", member.best_epoch}, {"epochs", epochs}});
  }
  return {{"val_top1", result.val_top1},
          {"val_loss", result.val_loss},
          {"seconds", result.seconds},
          {"members", members}};
}

Json train_summary(const train::TrainResult& result, std::uint64_t seed) {
  double train_loss = 0;
  std::size_t epochs = 0;
  Json best = Json::array();
  for (const auto& member : result.members) {
    train_loss += best_epoch(member).train_loss / static_cast<double>(result.members.size());
    epochs = std::max(epochs, member.epochs.size());
    best.push_back(member.best_epoch);
  }
  return {{"head", head::to_string(result.heads.at(0).spec.kind)},
          {"members", result.members.size()},
          {"parameters", head::parameter_count(result.heads[0].spec) * result.heads.size()},
          {"epochs", epochs},
          {"best_epochs", best},
          {"seconds", result.seconds},
          {"train_loss", train_loss},
          {"val_loss", result.val_loss},
          {"val_top1", result.val_top1},
          {"seed", seed}};
}

}  // namespace vidclass::cli
