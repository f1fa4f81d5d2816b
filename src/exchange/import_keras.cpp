#include "exchange/import_keras.hpp"

#include "backbone/backbone.hpp"
#include "backbone/calibration.hpp"
#include "core/atomic_file.hpp"
#include "core/format.hpp"
#include "core/input.hpp"
#include "core/text.hpp"
#include "exchange/keras_chain.hpp"
#include "exchange/keras_file.hpp"
#include "exchange/keras_head.hpp"
#include "pipeline/feature_options.hpp"
#include "vidclass/error.hpp"

namespace vidclass::exchange {
namespace {

// The Keras example's.
constexpr int usual_frames = 20;

/// Frames of a clip by what the network says and what was asked for.
int frames_of(const KerasChain& chain, int wanted) {
  const auto given = static_cast<int>(chain.frames);
  if (wanted > 0 && given > 0 && wanted != given) {
    throw UsageError(format("it takes {} frames of a clip, not {}", given, wanted));
  }
  return given > 0 ? given : wanted > 0 ? wanted : usual_frames;
}

/// How clips become what the head reads.
void set_features(model::Model& model, const ImportRequest& request, int frames,
                  const Hooks& hooks) {
  const std::size_t width = model.heads.front().spec.features;
  if (request.options.arrays) {
    model.backbone = features::arrays_backbone;
    model.fingerprint = features::arrays_backbone;
    model.clip.frames = frames;
    return;
  }
  FeatureOptions wanted = request.options.features;
  wanted.frames = frames;
  if (wanted.pooling != PoolingChoice::avg) {
    throw UsageError("a network of Keras reads the plain average of a frame: pooling avg");
  }
  const features::ExtractOptions options =
      pipeline::extract_options(wanted, request.options.machine);
  const backbone::PreparedBackbone prepared(options.backbone, hooks.progress, hooks.cancel);
  const backbone::BackboneInfo& network = prepared.info();
  if (network.feature_size != width) {
    throw UsageError(format(
        "{} reads {} features of a frame, but {} gives {}: name another backbone, or let the model "
        "read feature arrays",
        request.file.string(), width, network.name, network.feature_size));
  }
  model.clip = options.clip;
  model.clip.size = network.size;
  model.backbone = network.name;
  model.network = network.file;
  model.fingerprint = network.fingerprint;
  model.precision = network.precision;
  if (network.calibration) model.calibration = network.calibration->ranges;
}

/// Names in a file may be of any length and hold anything.
std::string in_one_line(const std::string& text) {
  constexpr std::size_t longest = 500;
  const std::string line = printable(text.substr(0, longest));
  return text.size() > longest ? line + "..." : line;
}

std::string in_words(const head::Layer& layer) {
  std::string text(head::to_string(layer.kind));
  if (layer.both_directions) {
    text = format("bidirectional {} ({})", text, head::to_string(*layer.both_directions));
  }
  if (layer.units > 0) text += format(" {}", layer.units);
  const bool recurrent = layer.kind == head::LayerKind::gru || layer.kind == head::LayerKind::lstm;
  const auto usual = recurrent ? head::Activation::tanh : head::Activation::linear;
  if (layer.activation != usual) text += format(" {}", head::to_string(layer.activation));
  return text;
}

}  // namespace

head::Head read_keras_head(const std::filesystem::path& path, int& frames,
                           const std::string& activation) {
  const KerasFile file(path);
  try {
    if (!head::activation_from(activation)) {
      throw UsageError(format("unknown activation \"{}\"", activation));
    }
    KerasChain chain =
        file.config().is_null() ? chain_from_weights(file, activation) : chain_from(file.config());
    if (chain.features == 0) throw Error("it does not say how many features of a frame it reads");
    chain.keras_version = file.keras_version();
    frames = frames_of(chain, frames);
    return head_from(
        chain, [&](const KerasLayerKey& key) { return file.weights(key); },
        static_cast<std::size_t>(frames));
  } catch (const UsageError& error) {
    throw UsageError(format("{}: {}", path.string(), in_one_line(error.what())));
  } catch (const Error& error) {
    const std::string text = in_one_line(error.what());
    throw Error(text.starts_with(path.string())
                    ? text
                    : format("{} cannot be imported: {}", path.string(), text));
  }
}

std::vector<std::string> describe_layers(const head::HeadSpec& spec) {
  if (spec.kind == head::HeadKind::keras_gru)
    return {"the network of the Keras example, keras-gru"};
  std::vector<std::string> layers;
  for (const head::Layer& layer : spec.layers) layers.push_back(in_words(layer));
  return layers;
}

std::vector<std::string> read_labels(const std::filesystem::path& file) {
  require_input(file, "a list of labels, one a line");
  const std::string text = read_text_file(file);
  std::vector<std::string> labels;
  for (const Line& line : lines_of(without_bom(text))) labels.emplace_back(line.text);
  return labels;
}

model::Model import_keras(const ImportRequest& request, const Hooks& hooks) {
  InputFiles inputs;
  inputs.add(request.file);
  inputs.add(request.labels_file);
  inputs.refuse(request.output, request.options.overwrite);
  int frames = request.options.features.frames;
  model::Model model;
  model.labels = request.labels;
  model.heads.push_back(read_keras_head(request.file, frames, request.options.activation));
  const head::HeadSpec& spec = model.heads.front().spec;
  if (spec.labels != request.labels.size()) {
    throw UsageError(format("{} has {} outputs, but {} are named", request.file.string(),
                            spec.labels, counted(request.labels.size(), "label")));
  }
  set_features(model, request, frames, hooks);
  model::write(request.output, model);
  return model;
}

}  // namespace vidclass::exchange
