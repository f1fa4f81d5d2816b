#include "model/header.hpp"

#include <array>

#include "core/format.hpp"
#include "core/json.hpp"
#include "model/layers_json.hpp"
#include "model/training_json.hpp"
#include "motion/describe.hpp"
#include "vidclass/error.hpp"

namespace vidclass::model {
namespace {

// Raised when a reader of today would misunderstand the file.
constexpr int format_version = 2;
// What readers of version 1 know: models without a motion stream.
constexpr int format_without_motion = 1;

Json to_json(const head::HeadSpec& spec) {
  Json json{{"kind", head::to_string(spec.kind)},
            {"features", spec.features},
            {"poolings", spec.poolings},
            {"labels", spec.labels}};
  if (spec.middle > 0) json["middle"] = spec.middle;
  if (head::reads_transforms(spec.kind)) {
    Json transforms = Json::array();
    for (const head::Transform transform : spec.transforms)
      transforms.push_back(head::to_string(transform));
    json["transforms"] = transforms;
  }
  if (spec.axes > 0) json["axes"] = spec.axes;
  if (spec.middle_axes > 0) json["middle_axes"] = spec.middle_axes;
  if (spec.kind == head::HeadKind::gru) {
    json["projection"] = spec.projection;
    json["hidden"] = spec.hidden;
  }
  if (spec.kind == head::HeadKind::layers) {
    json["layers"] = layers_to_json(spec.layers);
    json["steps"] = spec.steps;
  }
  return json;
}

head::HeadSpec head_spec_from(const Json& json) {
  head::HeadSpec spec;
  const auto kind = json.at("kind").get<std::string>();
  spec.kind = kind == head::to_string(head::HeadKind::layers) ? head::HeadKind::layers
                                                              : head::head_kind_from(kind);
  spec.features = json.at("features").get<std::size_t>();
  spec.middle = json.value("middle", std::size_t{0});
  spec.poolings = json.value("poolings", std::size_t{1});
  spec.labels = json.at("labels").get<std::size_t>();
  if (head::reads_transforms(spec.kind)) {
    spec.transforms.clear();
    for (const Json& transform : json.at("transforms")) {
      spec.transforms.push_back(head::transform_from(transform.get<std::string>()));
    }
  }
  spec.axes = json.value("axes", std::size_t{0});
  spec.middle_axes = json.value("middle_axes", std::size_t{0});
  if (spec.kind == head::HeadKind::gru) {
    spec.projection = json.at("projection").get<std::size_t>();
    spec.hidden = json.at("hidden").get<std::size_t>();
  }
  if (spec.kind == head::HeadKind::layers) {
    spec.layers = layers_from(json.at("layers"));
    spec.steps = json.at("steps").get<std::size_t>();
  }
  return spec;
}

Json to_json(const backbone::NetworkFile& file) {
  Json json{{"path", file.path.string()},
            {"mean", file.mean},
            {"scale", file.scale},
            {"layout", backbone::to_string(file.layout)},
            {"feature", file.feature}};
  if (!file.middle.empty()) json["middle"] = file.middle;
  return json;
}

backbone::NetworkFile network_file_from(const Json& json) {
  return {.path = json.at("path").get<std::string>(),
          .mean = json.at("mean").get<std::array<double, 3>>(),
          .scale = json.at("scale").get<std::array<double, 3>>(),
          .layout = backbone::input_layout_from(json.at("layout").get<std::string>()),
          .feature = json.at("feature").get<std::string>(),
          .middle = json.value("middle", std::string())};
}

Json to_json(const MotionStream& stream) {
  const train::StreamWeights& weights = stream.weights;
  return {{"descriptors", motion::descriptor_version},
          {"mirror", stream.mirror},
          {"weight", weights.motion},
          {"weight_elsewhere", weights.motion_elsewhere},
          {"known_places", {stream.places.usual, stream.places.far}},
          {"temperature", weights.motion_temperature},
          {"appearance_temperature", weights.appearance_temperature}};
}

/// Without its tensors.
MotionStream motion_stream_from(const Json& json) {
  const int version = json.at("descriptors").get<int>();
  if (version != motion::descriptor_version) {
    throw Error(
        format("its motion stream describes movement in version {}, this program in version {}: "
               "train it again",
               version, motion::descriptor_version));
  }
  MotionStream stream;
  stream.mirror = json.at("mirror").get<bool>();
  stream.weights = {.motion = json.at("weight").get<double>(),
                    .appearance_temperature = json.at("appearance_temperature").get<double>(),
                    .motion_temperature = json.at("temperature").get<double>()};
  // Models of before knew no places.
  stream.weights.motion_elsewhere = json.value("weight_elsewhere", stream.weights.motion);
  if (const auto distances = json.find("known_places"); distances != json.end()) {
    stream.places.usual = distances->at(0).get<double>();
    stream.places.far = distances->at(1).get<double>();
  }
  return stream;
}

}  // namespace

std::string header_text(const Model& model) {
  Json heads = Json::array();
  for (const head::Head& head : model.heads) heads.push_back(to_json(head.spec));
  Json json{{"format_version", model.motion ? format_version : format_without_motion},
            {"labels", model.labels},
            {"clip",
             {{"sampling", video::to_string(model.clip.sampling)},
              {"frames", model.clip.frames},
              {"preprocess", video::to_string(model.clip.preprocess)},
              {"size", model.clip.size},
              {"motion_grid", model.clip.motion_grid}}},
            {"backbone",
             {{"name", model.backbone},
              {"fingerprint", model.fingerprint},
              {"precision", backbone::to_string(model.precision)}}},
            {"heads", heads},
            {"clips", {{"train", model.seen.train}, {"val", model.seen.validation}}},
            {"training", to_json(model.training)}};
  if (model.baseline) json["baseline"] = to_json(model.baseline->spec);
  if (model.network) json["backbone"]["file"] = to_json(*model.network);
  if (model.motion) json["motion"] = to_json(*model.motion);
  Json& clip = json["clip"];
  if (model.clip.sampling == video::Sampling::dense) clip["stride"] = model.clip.stride;
  if (model.clip.crop != video::Crop::centre) clip["crop"] = video::to_string(model.clip.crop);
  if (model.clip.fps > 0) clip["fps"] = model.clip.fps;
  return to_strict_text(json);
}

ParsedHeader parse_header(const std::string& text) {
  try {
    const Json json = parse_json(text);
    const int version = json.at("format_version").get<int>();
    if (version != format_version && version != format_without_motion) {
      throw Error(format("its format has version {}, this program reads up to version {}", version,
                         format_version));
    }
    ParsedHeader parsed;
    Model& model = parsed.model;
    model.labels = json.at("labels").get<std::vector<std::string>>();
    const Json& clip = json.at("clip");
    model.clip.sampling = video::sampling_from(clip.at("sampling").get<std::string>());
    model.clip.frames = clip.at("frames").get<int>();
    model.clip.preprocess = video::preprocess_from(clip.at("preprocess").get<std::string>());
    model.clip.size = clip.at("size").get<int>();
    model.clip.motion_grid = clip.value("motion_grid", 0);
    model.clip.crop = video::crop_from(clip.value("crop", std::string("centre")));
    model.clip.stride = clip.value("stride", model.clip.stride);
    model.clip.fps = clip.value("fps", model.clip.fps);
    const Json& backbone = json.at("backbone");
    model.backbone = backbone.at("name").get<std::string>();
    if (const auto file = backbone.find("file"); file != backbone.end()) {
      model.network = network_file_from(*file);
    }
    model.fingerprint = backbone.at("fingerprint").get<std::string>();
    model.precision = backbone::precision_from(backbone.at("precision").get<std::string>());
    for (const Json& head : json.at("heads")) parsed.head_specs.push_back(head_spec_from(head));
    if (const auto baseline = json.find("baseline"); baseline != json.end()) {
      parsed.baseline_spec = head_spec_from(*baseline);
    }
    if (const auto motion = json.find("motion"); motion != json.end()) {
      parsed.model.motion = motion_stream_from(*motion);
    }
    if (const auto clips = json.find("clips"); clips != json.end()) {
      model.seen.train = clips->at("train").get<std::vector<std::string>>();
      model.seen.validation = clips->at("val").get<std::vector<std::string>>();
    }
    model.training = training_record_from(json.at("training"));
    return parsed;
  } catch (const JsonException& error) {
    throw Error(format("its header is damaged ({})", error.what()));
  }
}

}  // namespace vidclass::model
