#include "classify/match.hpp"

#include "core/format.hpp"
#include "vidclass/error.hpp"

namespace vidclass::classify {

void check_match(const model::Model& model, const backbone::BackboneInfo& network) {
  if (network.fingerprint != model.fingerprint && network.file) {
    throw Error(format(
        "the model was trained with another {} than {} (fingerprint {:.12} instead of "
        "{:.12}): name the right one with the option network, or train the model again",
        model.backbone, network.file->path.string(), model.fingerprint, network.fingerprint));
  }
  if (network.fingerprint != model.fingerprint) {
    throw Error(
        format("the model was trained with other weights of {} (fingerprint {:.12} instead "
               "of {:.12}): set VIDCLASS_WEIGHTS_DIR to the folder that has those, or "
               "train the model again",
               model.backbone, model.fingerprint, network.fingerprint));
  }
  const std::size_t poolings = model.clip.motion_grid > 0 ? 2 : 1;
  const auto check_head = [&](const head::Head& head) {
    if (head.spec.features != network.feature_size || head.spec.labels != model.labels.size()) {
      throw Error(
          format("a head of the model takes {} features to {} labels, but {} gives {} "
                 "features, and the model names {} labels",
                 head.spec.features, head.spec.labels, network.name, network.feature_size,
                 model.labels.size()));
    }
    if (head.spec.middle != network.middle_size) {
      throw Error(
          format("a head of the model reads {} features of the middle of {}, which gives {}",
                 head.spec.middle, network.name, network.middle_size));
    }
    if (head.spec.poolings != poolings) {
      throw Error(
          format("a head of the model reads {} poolings of a frame, but the model asks for {}",
                 head.spec.poolings, poolings));
    }
  };
  for (const head::Head& head : model.heads) check_head(head);
  if (model.baseline) check_head(*model.baseline);
}

}  // namespace vidclass::classify
