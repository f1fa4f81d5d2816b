#include "model/training_summary.hpp"

#include <algorithm>

#include "model/training_json.hpp"

namespace vidclass::model {

Json training_summary(const Model& model) {
  const TrainingRecord training = model.training.value_or(TrainingRecord{});
  double train_loss = 0;
  std::size_t epochs = 0;
  Json best = Json::array();
  std::size_t parameters = 0;
  for (const head::Head& head : model.heads) parameters += head::parameter_count(head.spec);
  for (const train::MemberHistory& member : training.members) {
    const auto& kept = member.epochs.at(static_cast<std::size_t>(member.best_epoch) - 1);
    train_loss += kept.train_loss / static_cast<double>(training.members.size());
    epochs = std::max(epochs, member.epochs.size());
    best.push_back(member.best_epoch);
  }
  Json summary{{"head", head::to_string(model.heads.at(0).spec.kind)},
               {"members", training.members.size()},
               {"parameters", parameters},
               {"epochs", epochs},
               {"best_epochs", best},
               {"seconds", training.seconds},
               {"train_loss", train_loss},
               {"val_loss", training.val_loss},
               {"val_top1", training.val_top1},
               {"refitted", training.refitted},
               {"seed", training.seed}};
  if (training.ensemble) summary["ensemble"] = to_json(*training.ensemble);
  if (training.streams) {
    const train::StreamWeights& weights = model.motion->weights;
    Json& streams = summary["streams"] = to_json(*training.streams);
    streams["weight"] = weights.motion;
    streams["weight_elsewhere"] = weights.motion_elsewhere;
    streams["temperature"] = weights.motion_temperature;
    streams["appearance_temperature"] = weights.appearance_temperature;
  }
  return summary;
}

}  // namespace vidclass::model
