#include "vidclass/backbone/backbone.hpp"

#include <algorithm>
#include <cstring>
#include <optional>

#include <openvino/openvino.hpp>

#include "backbone/graph.hpp"
#include "backbone/xception_weights.hpp"
#include "core/format.hpp"
#include "vidclass/backbone/weights.hpp"
#include "vidclass/core/error.hpp"
#include "vidclass/core/hash.hpp"

namespace vidclass::backbone {
namespace {

// Part of the fingerprint: raised whenever a graph computes other numbers.
constexpr int xception_graph_version = 1;
constexpr int mini_graph_version = 1;

int checked_size(const KnownBackbone& known, int size) {
  if (size == 0) return known.default_size;
  const int smallest = known.name == "mini" ? mini_min_size : xception_min_size;
  constexpr int largest = 2048;
  if (size < smallest || size > largest) {
    throw UsageError(format("the frame size {} does not suit {}: choose {} to {} pixels", size,
                            known.name, smallest, largest));
  }
  return size;
}

ov::AnyMap compile_properties(const BackboneOptions& options, Precision precision) {
  ov::AnyMap properties{
      ov::hint::performance_mode(ov::hint::PerformanceMode::LATENCY), ov::num_streams(1),
      ov::hint::inference_precision(precision == Precision::bf16 ? ov::element::bf16
                                                                 : ov::element::f32)};
  if (options.threads > 0) properties.insert(ov::inference_num_threads(options.threads));
  if (!options.compiled_cache.empty()) {
    properties.insert(ov::cache_dir(options.compiled_cache.string()));
  }
  return properties;
}

}  // namespace

std::vector<KnownBackbone> known_backbones() {
  return {{"xception", "Xception, ImageNet weights as published by Keras", xception_feature_size,
           299, true},
          {"mini", "small fixed filter bank, built in, for demos and tests", mini_feature_size, 64,
           false}};
}

KnownBackbone find_backbone(const std::string& name) {
  const auto all = known_backbones();
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const KnownBackbone& known) { return known.name == name; });
  if (found == all.end()) {
    throw UsageError(format("unknown backbone \"{}\": choose xception or mini", name));
  }
  return *found;
}

struct PreparedBackbone::Impl {
  BackboneOptions options;
  BackboneInfo info;
  std::optional<XceptionWeights> weights;  // none: mini

  [[nodiscard]] std::shared_ptr<ov::Model> build() const {
    const auto batch = static_cast<std::size_t>(options.batch);
    const auto size = static_cast<std::size_t>(info.size);
    return weights ? build_xception(*weights, batch, size) : build_mini(batch, size);
  }
};

PreparedBackbone::PreparedBackbone(const BackboneOptions& options, const ProgressFunction& progress,
                                   const CancellationToken& cancel)
    : impl_(std::make_unique<Impl>()) {
  const KnownBackbone known = find_backbone(options.name);
  if (options.batch < 1) {
    throw UsageError(format("the batch size {} is wrong: it must be at least 1", options.batch));
  }
  impl_->options = options;
  BackboneInfo& info = impl_->info;
  info.name = known.name;
  info.feature_size = known.feature_size;
  info.size = checked_size(known, options.size);
  info.precision = resolve(options.precision);
  if (known.needs_weights) {
    impl_->weights = read_xception_weights(
        obtain_weights(WeightSource::from_environment(), xception_file(), progress, cancel));
    info.fingerprint =
        sha256(format("xception v{} {}", xception_graph_version, digest(*impl_->weights)));
  } else {
    info.fingerprint = sha256(format("mini v{}", mini_graph_version));
  }
}
PreparedBackbone::~PreparedBackbone() = default;
PreparedBackbone::PreparedBackbone(PreparedBackbone&&) noexcept = default;
PreparedBackbone& PreparedBackbone::operator=(PreparedBackbone&&) noexcept = default;

const BackboneInfo& PreparedBackbone::info() const noexcept { return impl_->info; }

struct Backbone::Impl {
  BackboneInfo info;
  std::size_t batch = 1;
  ov::Core core;
  ov::CompiledModel compiled;
  ov::InferRequest request;
};

Backbone::Backbone(const PreparedBackbone& prepared) : impl_(std::make_unique<Impl>()) {
  const PreparedBackbone::Impl& source = *prepared.impl_;
  impl_->batch = static_cast<std::size_t>(source.options.batch);
  impl_->info = source.info;
  try {
    impl_->compiled = impl_->core.compile_model(
        source.build(), "CPU", compile_properties(source.options, source.info.precision));
    impl_->request = impl_->compiled.create_infer_request();
  } catch (const ov::Exception& error) {
    throw Error(format("OpenVINO cannot compile {}: {}", source.info.name, error.what()));
  }
}
Backbone::~Backbone() = default;
Backbone::Backbone(Backbone&&) noexcept = default;
Backbone& Backbone::operator=(Backbone&&) noexcept = default;

const BackboneInfo& Backbone::info() const noexcept { return impl_->info; }

Tensor Backbone::features(const Tensor& frames) {
  const auto side = static_cast<std::size_t>(impl_->info.size);
  if (frames.dtype() != DType::u8 || frames.rank() != 4 || frames.dim(1) != side ||
      frames.dim(2) != side || frames.dim(3) != 3) {
    throw Error(format("{} takes uint8 frames [N, {}, {}, 3], not {} {}", impl_->info.name, side,
                       side, name_of(frames.dtype()), format_shape(frames.shape())));
  }
  const std::size_t count = frames.dim(0);
  const std::size_t frame_bytes = side * side * 3;
  const std::size_t width = impl_->info.feature_size;
  Tensor features(DType::f32, {count, width});
  const auto source = frames.data<std::uint8_t>();
  const auto target = features.data<float>();
  try {
    ov::Tensor input = impl_->request.get_input_tensor();
    for (std::size_t first = 0; first < count; first += impl_->batch) {
      // The places of an incomplete last batch keep older frames; their results
      // are not read, and frames of a batch do not influence each other.
      const std::size_t used = std::min(impl_->batch, count - first);
      std::memcpy(input.data<std::uint8_t>(), source.data() + first * frame_bytes,
                  used * frame_bytes);
      impl_->request.infer();
      std::memcpy(target.data() + first * width, impl_->request.get_output_tensor().data<float>(),
                  used * width * sizeof(float));
    }
  } catch (const ov::Exception& error) {
    throw Error(format("OpenVINO cannot run {}: {}", impl_->info.name, error.what()));
  }
  return features;
}

}  // namespace vidclass::backbone
