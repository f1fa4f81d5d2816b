#include "model/training_json.hpp"

namespace vidclass::model {
namespace {

/// Reads what is there.
template <typename Value>
void read(const Json& json, const char* name, Value& value) {
  if (const auto found = json.find(name); found != json.end()) value = found->get<Value>();
}

Json to_json(const train::Recipe& recipe) {
  return {{"epochs", recipe.epochs},
          {"batch_size", recipe.batch_size},
          {"learning_rate", recipe.learning_rate},
          {"optimiser", train::to_string(recipe.optimiser)},
          {"weight_decay", recipe.weight_decay},
          {"schedule", train::to_string(recipe.schedule)},
          {"warm_up", recipe.warm_up},
          {"label_smoothing", recipe.label_smoothing},
          {"input_dropout", recipe.input_dropout},
          {"feature_dropout", recipe.feature_dropout},
          {"output_dropout", recipe.output_dropout},
          {"balanced", recipe.balanced},
          {"draws_augmented", recipe.draws_augmented},
          {"clip_norm", recipe.clip_norm},
          {"accumulate", recipe.accumulate},
          {"patience", recipe.patience}};
}

train::Recipe recipe_from(const Json& json) {
  train::Recipe recipe;
  read(json, "epochs", recipe.epochs);
  read(json, "batch_size", recipe.batch_size);
  read(json, "learning_rate", recipe.learning_rate);
  if (const auto found = json.find("optimiser"); found != json.end()) {
    recipe.optimiser = train::optimiser_kind_from(found->get<std::string>());
  }
  read(json, "weight_decay", recipe.weight_decay);
  if (const auto found = json.find("schedule"); found != json.end()) {
    recipe.schedule = train::schedule_kind_from(found->get<std::string>());
  }
  read(json, "warm_up", recipe.warm_up);
  read(json, "label_smoothing", recipe.label_smoothing);
  read(json, "input_dropout", recipe.input_dropout);
  read(json, "feature_dropout", recipe.feature_dropout);
  read(json, "output_dropout", recipe.output_dropout);
  read(json, "balanced", recipe.balanced);
  read(json, "draws_augmented", recipe.draws_augmented);
  read(json, "clip_norm", recipe.clip_norm);
  read(json, "accumulate", recipe.accumulate);
  read(json, "patience", recipe.patience);
  return recipe;
}

Json to_json(const std::vector<train::Epoch>& epochs) {
  Json list = Json::array();
  for (const train::Epoch& epoch : epochs) list.push_back(model::to_json(epoch));
  return list;
}

std::vector<train::Epoch> epochs_from(const Json& json) {
  std::vector<train::Epoch> epochs;
  for (const Json& each : json) {
    train::Epoch& epoch = epochs.emplace_back();
    read(each, "epoch", epoch.epoch);
    read(each, "train_loss", epoch.train_loss);
    read(each, "val_loss", epoch.val_loss);
    read(each, "val_objective", epoch.val_objective);
    read(each, "val_top1", epoch.val_top1);
    read(each, "learning_rate", epoch.learning_rate);
    read(each, "seconds", epoch.seconds);
  }
  return epochs;
}

SplitRecord split_from(const Json& json) {
  SplitRecord split;
  read(json, "seed", split.seed);
  read(json, "validation", split.validation);
  read(json, "test", split.test);
  if (const auto fold = json.find("fold"); fold != json.end()) {
    split.fold = SplitRecord::Fold{fold->at("number").get<int>(), fold->at("of").get<int>()};
  }
  return split;
}

EnsembleRecord ensemble_from(const Json& json) {
  EnsembleRecord record;
  record.mixture = train::mixture_from(json.at("mixture").get<std::string>());
  read(json, "reason", record.reason);
  read(json, "folds", record.folds);
  read(json, "groups", record.groups);
  if (const auto loss = json.find("loss"); loss != json.end()) {
    for (const auto& [name, value] : loss->items()) {
      record.loss.emplace_back(train::mixture_from(name), value.get<double>());
    }
  }
  return record;
}

FinetuneRecord finetune_from(const Json& json) {
  FinetuneRecord record;
  read(json, "blocks", record.blocks);
  read(json, "best_epoch", record.best_epoch);
  read(json, "seconds", record.seconds);
  read(json, "frozen_seconds", record.frozen_seconds);
  read(json, "clips_per_second", record.clips_per_second);
  if (const auto epochs = json.find("epochs"); epochs != json.end()) {
    record.epochs = epochs_from(*epochs);
  }
  return record;
}

StreamsRecord streams_from(const Json& json) {
  StreamsRecord record;
  read(json, "folds", record.folds);
  read(json, "groups", record.groups);
  read(json, "appearance_loss", record.appearance_loss);
  read(json, "motion_loss", record.motion_loss);
  read(json, "joined_loss", record.joined_loss);
  read(json, "strength", record.strength);
  read(json, "appearance_val_top1", record.appearance_val_top1);
  read(json, "motion_val_top1", record.motion_val_top1);
  read(json, "seconds", record.seconds);
  return record;
}

}  // namespace

Json to_json(const train::Epoch& epoch) {
  return {{"epoch", epoch.epoch},       {"train_loss", epoch.train_loss},
          {"val_loss", epoch.val_loss}, {"val_objective", epoch.val_objective},
          {"val_top1", epoch.val_top1}, {"learning_rate", epoch.learning_rate},
          {"seconds", epoch.seconds}};
}

Json to_json(const EnsembleRecord& record) {
  Json json{{"mixture", train::to_string(record.mixture)}};
  if (!record.reason.empty()) {
    json["reason"] = record.reason;
    return json;
  }
  json["folds"] = record.folds;
  json["groups"] = record.groups;
  json["loss"] = Json::object();
  for (const auto& [mixture, loss] : record.loss) {
    json["loss"][std::string(train::to_string(mixture))] = loss;
  }
  return json;
}

Json to_json(const FinetuneRecord& record) {
  return {{"blocks", record.blocks},
          {"best_epoch", record.best_epoch},
          {"seconds", record.seconds},
          {"frozen_seconds", record.frozen_seconds},
          {"clips_per_second", record.clips_per_second},
          {"epochs", to_json(record.epochs)}};
}

Json to_json(const StreamsRecord& record) {
  return {{"folds", record.folds},
          {"groups", record.groups},
          {"appearance_loss", record.appearance_loss},
          {"motion_loss", record.motion_loss},
          {"joined_loss", record.joined_loss},
          {"strength", record.strength},
          {"appearance_val_top1", record.appearance_val_top1},
          {"motion_val_top1", record.motion_val_top1},
          {"seconds", record.seconds}};
}

Json to_json(const std::optional<TrainingRecord>& record) {
  if (!record) return Json::object();
  Json members = Json::array();
  for (const train::MemberHistory& member : record->members) {
    members.push_back({{"seed", member.seed},
                       {"best_epoch", member.best_epoch},
                       {"epochs", to_json(member.epochs)}});
  }
  Json json{{"seed", record->seed},
            {"split",
             {{"seed", record->split.seed},
              {"validation", record->split.validation},
              {"test", record->split.test}}},
            {"train_clips", record->train_clips},
            {"val_clips", record->val_clips},
            {"val_top1", record->val_top1},
            {"val_loss", record->val_loss},
            {"refitted", record->refitted},
            {"seconds", record->seconds},
            {"recipe", to_json(record->recipe)},
            {"members", members}};
  if (const auto& fold = record->split.fold) {
    json["split"]["fold"] = {{"number", fold->number}, {"of", fold->of}};
  }
  if (record->ensemble) json["ensemble"] = to_json(*record->ensemble);
  if (record->finetune) json["finetune"] = to_json(*record->finetune);
  if (record->streams) json["streams"] = to_json(*record->streams);
  return json;
}

std::optional<TrainingRecord> training_record_from(const Json& json) {
  if (json.empty()) return std::nullopt;
  TrainingRecord record;
  read(json, "seed", record.seed);
  if (const auto split = json.find("split"); split != json.end()) {
    record.split = split_from(*split);
  }
  read(json, "train_clips", record.train_clips);
  read(json, "val_clips", record.val_clips);
  read(json, "val_top1", record.val_top1);
  read(json, "val_loss", record.val_loss);
  read(json, "refitted", record.refitted);
  read(json, "seconds", record.seconds);
  if (const auto recipe = json.find("recipe"); recipe != json.end()) {
    record.recipe = recipe_from(*recipe);
  }
  if (const auto members = json.find("members"); members != json.end()) {
    for (const Json& each : *members) {
      train::MemberHistory& member = record.members.emplace_back();
      read(each, "seed", member.seed);
      read(each, "best_epoch", member.best_epoch);
      if (const auto epochs = each.find("epochs"); epochs != each.end()) {
        member.epochs = epochs_from(*epochs);
      }
    }
  }
  if (const auto ensemble = json.find("ensemble"); ensemble != json.end()) {
    record.ensemble = ensemble_from(*ensemble);
  }
  if (const auto finetune = json.find("finetune"); finetune != json.end()) {
    record.finetune = finetune_from(*finetune);
  }
  if (const auto streams = json.find("streams"); streams != json.end()) {
    record.streams = streams_from(*streams);
  }
  return record;
}

}  // namespace vidclass::model
