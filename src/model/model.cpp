#include "model/model.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "core/arrays.hpp"
#include "core/format.hpp"
#include "core/input.hpp"
#include "core/safetensors.hpp"
#include "model/header.hpp"
#include "vidclass/error.hpp"

namespace vidclass::model {
namespace {

constexpr const char* baseline_prefix = "baseline/";
constexpr const char* calibration_prefix = "calibration/";
constexpr const char* tuned_prefix = "backbone/";
constexpr const char* motion_prefix = "motion/";

std::string head_prefix(std::size_t index) { return format("heads/{}/", index); }

void add_parameters(NamedTensors& tensors, const std::string& prefix, const head::Head& head) {
  for (const auto& [name, tensor] : head.parameters) tensors.emplace(prefix + name, tensor);
}

/// The tensors whose names begin with `prefix`, without it.
NamedTensors load_all(const SafetensorsFile& file, const std::string& prefix) {
  NamedTensors tensors;
  for (const std::string& name : file.names()) {
    if (name.starts_with(prefix)) tensors.emplace(name.substr(prefix.size()), file.load(name));
  }
  return tensors;
}

head::Head load_head(const SafetensorsFile& file, const std::string& prefix,
                     const head::HeadSpec& spec) {
  head::Head head{spec, load_all(file, prefix)};
  head::check(head);
  return head;
}

/// That the network has such weights is seen when it is put together.
void check_tuned(const NamedTensors& tuned) {
  for (const auto& [name, tensor] : tuned) {
    if (tensor.dtype() != DType::f32) {
      throw Error(format("its tuned weight {} is of {}", name, name_of(tensor.dtype())));
    }
    if (!all_finite(tensor)) {
      throw Error(format("its tuned weight {} holds values that are not finite", name));
    }
  }
}

void check(const MotionStream& stream, std::size_t features) {
  train::check(stream.weights);
  train::check(stream.places);
  if (!stream.places.looks.empty() && stream.places.looks.dim(1) != features) {
    throw Error(format("its places are told by {} features, its heads read {}",
                       stream.places.looks.dim(1), features));
  }
}

void check(const Model& model) {
  if (model.labels.size() < 2) {
    throw Error(format("it has {} labels; at least 2 are needed", model.labels.size()));
  }
  if (std::set<std::string>(model.labels.begin(), model.labels.end()).size() !=
      model.labels.size()) {
    throw Error("a label occurs twice");
  }
  if (model.heads.empty()) throw Error("it has no head");
  if (model.tuned) check_tuned(*model.tuned);
  if (model.motion) check(*model.motion, model.heads.front().spec.features);
  std::vector<const head::Head*> all;
  for (const head::Head& head : model.heads) all.push_back(&head);
  if (model.baseline) all.push_back(&*model.baseline);
  for (const head::Head* head : all) {
    head::check(*head);
    if (head->spec.labels != model.labels.size()) {
      throw Error(
          format("a head has {} outputs for {} labels", head->spec.labels, model.labels.size()));
    }
    if (head->spec.features != all.front()->spec.features ||
        head->spec.middle != all.front()->spec.middle) {
      throw Error("its heads disagree on the number of features");
    }
  }
  constexpr int most_frames = 100'000;
  constexpr int largest_side = 4096;
  if (model.clip.frames < 1 || model.clip.frames > most_frames || model.clip.size < 1 ||
      model.clip.size > largest_side) {
    throw Error(format("it asks for {} frames of {} pixels", model.clip.frames, model.clip.size));
  }
}

}  // namespace

void write(const std::filesystem::path& path, const Model& model) {
  try {
    check(model);
  } catch (const Error& error) {
    throw Error(format("the model for {} is not whole: {}", path.string(), error.what()));
  }
  NamedTensors tensors;
  for (std::size_t i = 0; i < model.heads.size(); ++i) {
    add_parameters(tensors, head_prefix(i), model.heads[i]);
  }
  if (model.baseline) add_parameters(tensors, baseline_prefix, *model.baseline);
  for (const auto& [name, tensor] : model.calibration) {
    tensors.emplace(calibration_prefix + name, tensor);
  }
  if (model.motion) {
    for (auto& [name, tensor] : to_tensors(*model.motion)) {
      tensors.emplace(motion_prefix + name, std::move(tensor));
    }
  }
  if (model.tuned) {
    for (const auto& [name, tensor] : *model.tuned) tensors.emplace(tuned_prefix + name, tensor);
  }
  write_safetensors(path, tensors, {{header_key, header_text(model)}});
}

namespace {

/// Models are carried from one machine to another with their network beside them.
void find_beside(const std::filesystem::path& model, std::filesystem::path& network) {
  std::error_code error;
  const std::filesystem::path beside = model.parent_path() / network.filename();
  if (!std::filesystem::exists(network, error) && std::filesystem::exists(beside, error)) {
    network = beside;
  }
}

}  // namespace

Model read(const std::filesystem::path& path) {
  require_input(path, "a model file, as train and run write them");
  const SafetensorsFile file(path);
  const auto header = file.metadata().find(header_key);
  if (header == file.metadata().end()) {
    throw Error(
        format("{} is not a vidclass model: its header names no such model", path.string()));
  }
  try {
    ParsedHeader parsed = parse_header(header->second);
    Model model = std::move(parsed.model);
    for (std::size_t i = 0; i < parsed.head_specs.size(); ++i) {
      model.heads.push_back(load_head(file, head_prefix(i), parsed.head_specs[i]));
    }
    if (parsed.baseline_spec) {
      model.baseline = load_head(file, baseline_prefix, *parsed.baseline_spec);
    }
    model.calibration = load_all(file, calibration_prefix);
    if (model.motion) {
      take_tensors(*model.motion, load_all(file, motion_prefix), model.labels.size());
    }
    if (NamedTensors tuned = load_all(file, tuned_prefix); !tuned.empty()) {
      model.tuned = std::make_shared<const NamedTensors>(std::move(tuned));
    }
    check(model);
    if (model.network) find_beside(path, model.network->path);
    return model;
  } catch (const Error& error) {
    throw Error(format("{} is not a usable model: {}", path.string(), error.what()));
  }
}

}  // namespace vidclass::model
