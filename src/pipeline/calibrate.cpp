#include "pipeline/calibrate.hpp"

#include <algorithm>
#include <memory>
#include <vector>

#include "backbone/calibration.hpp"
#include "features/calibrate.hpp"
#include "model/model.hpp"
#include "vidclass/error.hpp"

namespace vidclass::pipeline {
namespace {

/// The network of a model, and how that model takes its frames.
void take_network(const model::Model& model, features::ExtractOptions& options) {
  options.backbone.name = model.backbone;
  options.backbone.file = model.network;
  options.backbone.size = model.clip.size;
  options.backbone.tuned = model.tuned;
  options.clip = model.clip;
}

}  // namespace

void require_openvino(const features::ExtractOptions& options) {
  if (!options.backbone.engine) return;
  throw UsageError("this is measured in OpenVINO: the device cannot be cuda");
}

CalibrateOutcome calibrate(const CalibrateRequest& request, const Hooks& hooks) {
  require_openvino(request.features);
  const dataset::Manifest manifest = open_data(request.data, hooks);
  InputFiles inputs = files_of(request.data, manifest);
  inputs.add(request.model);
  inputs.refuse(request.output, request.overwrite);
  // Every fourth clip is kept back to check the outcome on.
  std::vector<video::ClipSource> measured;
  std::vector<video::ClipSource> kept_back;
  for (std::size_t i = 0; i < manifest.clips.size(); ++i) {
    (i % 4 == 3 ? kept_back : measured).push_back(manifest.clips[i].source());
  }
  features::ExtractOptions options = request.features;
  options.backbone.precision = backbone::Precision::int8;
  const std::filesystem::path kept_in = options.backbone.calibration_dir;
  options.backbone.calibration_dir.clear();  // made anew, whatever was kept
  if (!request.model.empty()) take_network(model::read(request.model), options);
  backbone::PreparedBackbone prepared(options.backbone, hooks.progress, hooks.cancel);
  options.clip.size = prepared.info().size;

  const auto calibration = std::make_shared<const backbone::Calibration>(
      backbone::calibrate(prepared,
                          features::calibration_frames(measured, options.clip, hooks.progress,
                                                       hooks.cancel, options.limits),
                          hooks.progress, hooks.cancel));
  CalibrateOutcome outcome{.path = request.output.empty()
                                       ? backbone::calibration_path(kept_in, prepared.info())
                                       : request.output,
                           .network = prepared.info(),
                           .frames = calibration->frames,
                           .clips = std::min(measured.size(), features::most_calibration_clips)};
  backbone::write(outcome.path, *calibration);
  if (kept_back.empty()) return outcome;
  const Tensor frames = features::calibration_frames(kept_back, options.clip, hooks.progress,
                                                     hooks.cancel, options.limits);
  const auto features_in = [&](backbone::Precision precision) {
    backbone::BackboneOptions of_precision = options.backbone;
    of_precision.precision = precision;
    of_precision.calibration = calibration;
    return backbone::Backbone(of_precision).features(frames);
  };
  outcome.agreement = evaluate::compare_rows(features_in(backbone::Precision::f32),
                                             features_in(backbone::Precision::int8));
  outcome.compared_frames = frames.dim(0);
  return outcome;
}

}  // namespace vidclass::pipeline
