#include "backbone/frozen_layers.hpp"

#include <algorithm>
#include <cstring>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "backbone/compile.hpp"
#include "backbone/known_network.hpp"
#include "backbone/openvino_error.hpp"
#include "backbone/prepared.hpp"
#include "core/format.hpp"
#include "vidclass/error.hpp"

namespace vidclass::backbone {
namespace {

constexpr TunedBlocks all_choices[] = {TunedBlocks::block14, TunedBlocks::block13,
                                       TunedBlocks::all};

bool is_tuned(const std::string& weight, TunedBlocks blocks) {
  return blocks == TunedBlocks::all || weight.starts_with("block14_") ||
         (blocks == TunedBlocks::block13 && weight.starts_with("block13_"));
}

/// Runs a network with a fixed batch on any number of frames. `inputs` and `outputs`, by
/// their names in the network, have one first dimension, which counts the frames.
void run_in_batches(ov::InferRequest& request, std::size_t batch,
                    const std::map<std::string, const Tensor*>& inputs,
                    const std::map<std::string, Tensor*>& outputs) {
  const std::size_t count = inputs.begin()->second->dim(0);
  for (std::size_t first = 0; first < count; first += batch) {
    // The places of an incomplete last batch keep older frames; their results
    // are not read, and frames of a batch do not influence each other.
    const std::size_t used = std::min(batch, count - first);
    for (const auto& [name, source] : inputs) {
      const std::size_t each = source->bytes().size() / count;
      std::memcpy(request.get_tensor(name).data(), source->bytes().data() + first * each,
                  used * each);
    }
    request.infer();
    for (const auto& [name, target] : outputs) {
      const std::size_t each = target->bytes().size() / count;
      std::memcpy(target->bytes().data() + first * each, request.get_tensor(name).data(),
                  used * each);
    }
  }
}

void throw_unless(bool tunable, const std::string& name) {
  if (!tunable) throw UsageError(format("{} cannot be fine-tuned: choose xception", name));
}

}  // namespace

std::string_view to_string(TunedBlocks blocks) noexcept {
  switch (blocks) {
    case TunedBlocks::block14:
      return "block14";
    case TunedBlocks::block13:
      return "block13";
    case TunedBlocks::all:
      return "all";
  }
  return "?";
}

TunedBlocks tuned_blocks_from(std::string_view name) {
  for (const TunedBlocks blocks : all_choices) {
    if (to_string(blocks) == name) return blocks;
  }
  throw UsageError(
      format("unknown part to fine-tune \"{}\": choose block14, block13 or all", name));
}

void require_tunable(const PreparedBackbone& network) {
  const KnownNetwork* known = network.impl().known;
  throw_unless(known != nullptr && known->about.tunable, network.info().name);
}

void require_tunable(const BackboneOptions& options) {
  if (options.file) return throw_unless(false, options.file->path.filename().string());
  throw_unless(find_network(options.name).about.tunable, options.name);
}

bool activations_are_frames(const BackboneOptions& options, TunedBlocks blocks) noexcept {
  return blocks == TunedBlocks::all || options.engine;
}

NamedTensors weights_of(const PreparedBackbone& network, TunedBlocks blocks) {
  require_tunable(network);
  NamedTensors tuned;
  for (const auto& [name, tensor] : network.weights()) {
    if (is_tuned(name, blocks)) tuned.emplace(name, tensor);
  }
  return tuned;
}

struct FrozenLayers::Impl {
  BackboneInfo info;
  std::size_t batch = 1;
  bool activations_are_frames = false;
  ov::Core core;
  ov::InferRequest request;
  Shape activations;  // of one frame
  bool motion = false;
  /// With BackboneOptions::engine: what gives the features; the activations are the frames.
  std::optional<Backbone> whole;
};

FrozenLayers::FrozenLayers(const PreparedBackbone& network, TunedBlocks blocks)
    : impl_(std::make_unique<Impl>()) {
  require_tunable(network);
  impl_->info = network.info();
  impl_->batch = batch_for(network.options(), Load::few_frames);
  impl_->activations_are_frames = activations_are_frames(network.options(), blocks);
  impl_->motion = network.options().motion;
  if (network.options().engine) {
    impl_->whole.emplace(network, Load::many_frames);
    return;
  }
  try {
    const auto graph = network.impl().build(impl_->batch, {.motion = impl_->motion, .cut = blocks});
    if (!impl_->activations_are_frames) {
      const ov::Shape shape = graph->output("activations").get_shape();
      impl_->activations.assign(shape.begin() + 1, shape.end());
    }
    ov::CompiledModel compiled = impl_->core.compile_model(
        graph, network.options().device,
        compile_properties(network.options(), network.info().precision, Load::few_frames));
    impl_->request = compiled.create_infer_request();
  } catch (const ov::Exception& error) {
    throw Error(format("OpenVINO cannot compile {}: {}", network.info().name, reason(error)));
  }
}
FrozenLayers::~FrozenLayers() = default;
FrozenLayers::FrozenLayers(FrozenLayers&&) noexcept = default;
FrozenLayers& FrozenLayers::operator=(FrozenLayers&&) noexcept = default;

FrozenActivations FrozenLayers::run(const Tensor& frames, const Tensor& motion_maps) {
  const BackboneInfo& info = impl_->info;
  check_frames(info, frames);
  if (impl_->whole) {
    return {frames, impl_->motion ? impl_->whole->pooled_features(frames, motion_maps)
                                  : PooledFeatures{.avg = impl_->whole->features(frames)}};
  }
  const std::size_t count = frames.dim(0);
  const Shape features{count, info.feature_size};
  FrozenActivations result{{}, {.avg = Tensor(DType::f32, features)}};
  std::map<std::string, const Tensor*> inputs{{"frames", &frames}};
  std::map<std::string, Tensor*> outputs{{"avg", &result.features.avg}};
  if (impl_->motion) {
    check_motion_maps(info, motion_maps, count);
    result.features.motion = Tensor(DType::f32, features);
    inputs["motion_map"] = &motion_maps;
    outputs["motion"] = &result.features.motion;
  }
  if (impl_->activations_are_frames) {
    result.activations = frames;
  } else {
    Shape shape = impl_->activations;
    shape.insert(shape.begin(), count);
    result.activations = Tensor(DType::f16, shape);
    outputs["activations"] = &result.activations;
  }
  try {
    run_in_batches(impl_->request, impl_->batch, inputs, outputs);
  } catch (const ov::Exception& error) {
    throw Error(format("OpenVINO cannot run {}: {}", info.name, reason(error)));
  }
  return result;
}

}  // namespace vidclass::backbone
