// The options of features.
#include "cli/options.hpp"
#include "core/format.hpp"
#include "vidclass/error.hpp"

namespace vidclass::cli {
namespace {

std::string shown(const std::array<double, 3>& rgb) {
  return format("ImageNet's, {},{},{}", rgb[0], rgb[1], rgb[2]);
}

bool is_half(const std::string& dtype) {
  if (dtype != "float32" && dtype != "float16") {
    throw UsageError(format("unknown cache element type \"{}\": choose float32 or float16", dtype));
  }
  return dtype == "float16";
}

std::optional<Crop> optional_crop_from(const std::string& name) {
  if (name == "auto") return std::nullopt;
  return video::crop_from(name);
}

void add_network_options(CLI::App& app, FeatureOptions& features) {
  app.add_option(
         "--backbone", features.backbone,
         "network for the frames: xception, lite0, mini, or a file (.onnx, or an OpenVINO .xml)")
      ->capture_default_str()
      ->group(group::backbone);
  add_choice(app, "--precision", features.precision, backbone::precision_from,
             backbone::to_string(features.precision),
             "arithmetic of the network: auto, f32, bf16 or int8")
      ->group(group::backbone);
  app.add_option("--device", features.device,
                 "where the network runs: an OpenVINO device, such as CPU or GPU, or cuda (cuda:1, "
                 "...): by LibTorch, fine-tuning too")
      ->capture_default_str()
      ->group(group::rare_backbone);
  app.add_option("--size", features.size, "side of the frames in pixels, 0 for the network's own")
      ->capture_default_str()
      ->group(group::backbone)
      ->check(CLI::Range(0, 100'000));
  add_choice(app, "--pooling", features.pooling, pipeline::pooling_from,
             pipeline::to_string(features.pooling),
             "features of a frame: avg (over positions); motion: also weighted by where the frame "
             "moves; middle: also those of a map in the middle of the network; auto: "
             "avg,motion,middle, the last where there is one")
      ->group(group::backbone);
  const backbone::NetworkFile file;
  const auto rgb_from = [](const char* name) {
    return [name](const std::string& text) { return backbone::rgb_values_from(text, name); };
  };
  add_choice(app, "--mean", features.mean, rgb_from("--mean"), shown(file.mean),
             "of a network file: subtracted from red, green and blue, 0 to 255")
      ->type_name("R,G,B")
      ->group(group::rare_backbone);
  add_choice(app, "--scale", features.scale, rgb_from("--scale"), shown(file.scale),
             "of a network file: what the difference is divided by")
      ->type_name("R,G,B")
      ->group(group::rare_backbone);
  add_choice(app, "--input-layout", features.input_layout, backbone::input_layout_from,
             backbone::to_string(features.input_layout), "of a network file: nchw, nhwc or auto")
      ->group(group::rare_backbone);
  app.add_option("--feature", features.feature,
                 "of a network file: the tensor that holds the features, a vector or a map "
                 "(default: the last global average pooling, else the first output)")
      ->group(group::rare_backbone);
  app.add_option("--middle", features.middle,
                 "of a network file: the tensor that is the map in the middle (default: the last "
                 "of the next finer grid than that of the features)")
      ->group(group::rare_backbone);
  app.add_option("--batch", features.batch,
                 "frames computed together, 0 for what suits the load (speed only)")
      ->capture_default_str()
      ->group(group::rare_backbone)
      ->check(CLI::Range(0, 1024));
}

}  // namespace

void add_feature_options(CLI::App& app, FeatureOptions& features) {
  add_network_options(app, features);
  app.add_option("--frames", features.frames, "frames taken from a clip")
      ->capture_default_str()
      ->group(group::frames)
      ->check(CLI::Range(1, 10'000));
  add_choice(app, "--sampling", features.sampling, video::sampling_from,
             video::to_string(features.sampling),
             "which frames: uniform (over the clip), first, segment (uniform, drawn at "
             "random in training) or dense (consecutive, from the middle)")
      ->group(group::frames);
  app.add_option("--stride", features.stride, "dense: take every so many-th frame")
      ->capture_default_str()
      ->group(group::rare_frames)
      ->check(CLI::Range(1, 10'000));
  app.add_option("--candidates", features.candidates, "segment: frames kept for each one drawn")
      ->capture_default_str()
      ->group(group::rare_frames)
      ->check(CLI::Range(1, 100));
  app.add_option("--fps", features.fps,
                 "sample from so many frames/s only (0: all); of folders of pictures: their rate")
      ->capture_default_str()
      ->group(group::rare_frames)
      ->check(CLI::Range(0.0, 1000.0));
  add_choice(app, "--crop", features.crop, optional_crop_from, "auto",
             "which square of the picture: centre, motion (about what moves in the clip) or "
             "auto (motion, but centre with --preprocess keras)")
      ->group(group::frames);
  add_choice(app, "--preprocess", features.preprocess, video::preprocess_from,
             video::to_string(features.preprocess),
             "standard, or keras (the Keras example's crop and resize)")
      ->group(group::rare_frames);
  add_choice(app, "--cache-dtype", features.half, is_half, features.half ? "float16" : "float32",
             "how features are kept: float32, or float16 at half the size")
      ->group(group::rare_backbone);
}

}  // namespace vidclass::cli
