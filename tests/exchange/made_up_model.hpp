// Models with made-up heads, as files.
#pragma once

#include <filesystem>
#include <string>

#include "backbone/backbone.hpp"
#include "model/model.hpp"
#include "support/head_fixtures.hpp"

namespace vidclass::testing {

/// An ensemble of three kinds of heads on the network's features, weighted by motion too, and of
/// the map in the middle where there is one; one of them along axes.
inline model::Model made_up_model(const std::string& network, int size) {
  backbone::BackboneOptions options;
  options.name = network;
  options.size = size;
  options.motion = true;
  options.middle = true;
  const backbone::BackboneInfo info = backbone::PreparedBackbone(options).info();
  head::HeadSpec spec{.kind = head::HeadKind::gru,
                      .features = info.feature_size,
                      .middle = info.middle_size,
                      .poolings = 2,
                      .labels = 3,
                      .transforms = {head::Transform::plain, head::Transform::centred_motion,
                                     head::Transform::contrast},
                      .projection = 6,
                      .hidden = 5};
  if (spec.middle > 0) spec.transforms.push_back(head::Transform::middle_centred);
  model::Model model;
  model.labels = {"Run", "Sit down", "Jump [high]"};
  model.clip.frames = 6;
  model.clip.size = info.size;
  model.clip.motion_grid = info.motion_map_size;
  model.backbone = info.name;
  model.fingerprint = info.fingerprint;
  model.heads.push_back(vidclass::testing::made_up_head(spec, 1));
  spec.kind = head::HeadKind::moments;
  model.heads.push_back(vidclass::testing::made_up_head(spec, 2));
  head::HeadSpec along = spec;
  along.axes = 4;
  if (along.middle > 0) along.middle_axes = 3;
  model.heads.push_back(vidclass::testing::made_up_head(along, 5));
  spec.kind = head::HeadKind::keras_gru;
  spec.transforms = {head::Transform::centred};
  model.heads.push_back(vidclass::testing::made_up_head(spec, 3));
  spec.kind = head::HeadKind::mean;
  model.baseline = vidclass::testing::made_up_head(spec, 4);
  return model;
}

inline std::filesystem::path write_made_up_model(const std::filesystem::path& folder,
                                                 const std::string& network = "mini",
                                                 int size = 64) {
  const std::filesystem::path file = folder / "model.safetensors";
  model::write(file, made_up_model(network, size));
  return file;
}

}  // namespace vidclass::testing
