#include "train/settings.hpp"

#include "core/format.hpp"
#include "core/hash.hpp"

namespace vidclass::train {
namespace {

std::string text_of(const Json& document, const std::string& name) {
  return document.contains(name) ? to_strict_text(document[name]) : "not known";
}

Json names_of(const std::vector<head::Transform>& transforms) {
  Json names = Json::array();
  for (const head::Transform transform : transforms) names.push_back(head::to_string(transform));
  return names;
}

}  // namespace

std::string fingerprint(const LabelledFeatures& data) {
  Hasher hasher(HashKind::sha256);
  if (data.frames_drawn > 0) hasher.update(format("{} frames drawn ", data.frames_drawn));
  const auto add = [&hasher](const Tensor& features) {
    hasher.update(format("{} ", format_shape(features.shape())));
    hasher.update(features.bytes());
  };
  for (std::size_t clip = 0; clip < data.size(); ++clip) {
    hasher.update(format("{} ", data.labels[clip]));
    add(*data.clips->features(clip));
    if (data.augmented) add(*data.augmented->features(clip));
  }
  return hasher.finish();
}

Json describe(const head::HeadSpec& spec, const Recipe& recipe, std::uint64_t seed) {
  // By its parameters, whatever else the description of a head comes to hold.
  Json shapes = Json::object();
  for (const auto& [name, shape] : head::parameter_shapes(spec)) shapes[name] = shape;
  return {{"head", head::to_string(spec.kind)},
          {"labels", spec.labels},
          {"transforms", names_of(spec.transforms)},
          {"parameters", shapes},
          {"seed", seed},
          {"epochs", recipe.epochs},
          {"batch size", recipe.batch_size},
          {"learning rate", recipe.learning_rate},
          {"optimiser", to_string(recipe.optimiser)},
          {"Adam's epsilon", recipe.adam_epsilon},
          {"momentum", recipe.momentum},
          {"Nesterov momentum", recipe.nesterov},
          {"weight decay", recipe.weight_decay},
          {"schedule", to_string(recipe.schedule)},
          {"warm-up", recipe.warm_up},
          {"label smoothing", recipe.label_smoothing},
          {"input dropout", recipe.input_dropout},
          {"feature dropout", recipe.feature_dropout},
          {"output dropout", recipe.output_dropout},
          {"balancing of labels", recipe.balanced},
          {"drawing of augmented clips", recipe.draws_augmented},
          {"clip norm", recipe.clip_norm},
          {"accumulation", recipe.accumulate},
          {"patience", recipe.patience},
          {"keeping the last epoch", recipe.keep_last}};
}

std::string first_difference(const Json& before, const Json& now) {
  for (const auto& [name, value] : now.items()) {
    if (before.contains(name) && before[name] == value) continue;
    return format("the {} was {} and is now {}", name, text_of(before, name),
                  to_strict_text(value));
  }
  return "";
}

}  // namespace vidclass::train
