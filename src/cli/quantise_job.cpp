#include "cli/quantise_job.hpp"

#include <algorithm>
#include <memory>
#include <vector>

#include "backbone/calibration.hpp"
#include "core/format.hpp"
#include "dataset/manifest.hpp"
#include "evaluate/agreement.hpp"
#include "features/calibrate.hpp"
#include "model/model.hpp"
#include "vidclass/error.hpp"

namespace vidclass::cli {

void QuantiseJob::setup(CLI::App& app) {
  app.add_option("--calibrate", data_,
                 "clips to measure on: a folder with one sub-folder a class, a UCF101 root or a "
                 "CSV, as for extract")
      ->required();
  app.add_option("-o,--output", output_, "file to write (default: in the user's cache folder)");
  app.add_option("--model", model_,
                 "calibrate the network of this model file, which may be a fine-tuned one");
  machine_.setup(app);
  features_.setup(app);
}

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

int QuantiseJob::run(const Context& context) {
  const dataset::Manifest manifest = dataset::open(data_, {});
  InputFiles inputs;
  for (const auto& path : {data_, model_}) inputs.add(path);
  for (const dataset::Clip& clip : manifest.clips) inputs.add(clip.path);
  inputs.refuse(output_);
  // Every fourth clip is kept back to check the outcome on.
  std::vector<video::ClipSource> measured;
  std::vector<video::ClipSource> kept_back;
  for (std::size_t i = 0; i < manifest.clips.size(); ++i) {
    (i % 4 == 3 ? kept_back : measured).push_back(manifest.clips[i].source());
  }
  features::ExtractOptions options = features_.extract_options(machine_);
  require_openvino(options);
  options.backbone.precision = backbone::Precision::int8;
  options.backbone.calibration_dir.clear();  // made anew, whatever was kept
  if (!model_.empty()) take_network(model::read(model_), options);
  backbone::PreparedBackbone prepared(options.backbone, context.progress, context.cancel);
  options.clip.size = prepared.info().size;

  const auto calibration = std::make_shared<const backbone::Calibration>(backbone::calibrate(
      prepared,
      features::calibration_frames(measured, options.clip, context.progress, context.cancel),
      context.progress, context.cancel));
  const std::filesystem::path path =
      output_.empty() ? backbone::calibration_path(machine_.calibration_dir(), prepared.info())
                      : output_;
  backbone::write(path, *calibration);
  Json document{{"path", path.string()},
                {"frames", calibration->frames},
                {"backbone", prepared.info().name},
                {"size", prepared.info().size}};
  context.print(format("{}: {} px, measured on {} frames of {} clips\n", path.string(),
                       prepared.info().size, calibration->frames,
                       std::min(measured.size(), features::most_calibration_clips)));
  if (!kept_back.empty()) {
    const Tensor frames =
        features::calibration_frames(kept_back, options.clip, context.progress, context.cancel);
    const auto features_in = [&](backbone::Precision precision) {
      backbone::BackboneOptions of_precision = options.backbone;
      of_precision.precision = precision;
      of_precision.calibration = calibration;
      return backbone::Backbone(of_precision).features(frames);
    };
    const evaluate::Agreement agreement = evaluate::compare_rows(
        features_in(backbone::Precision::f32), features_in(backbone::Precision::int8));
    context.print(
        format("cosine to f32 on {} frames of other clips: {:.5f} on average, {:.5f} at "
               "least\n",
               frames.dim(0), agreement.mean_cosine, agreement.least_cosine));
    document["cosine"] = {{"frames", frames.dim(0)},
                          {"mean", agreement.mean_cosine},
                          {"least", agreement.least_cosine}};
  }
  context.print_json(document);
  return exit_done;
}

}  // namespace vidclass::cli
