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
    return weights ? build_xception(*weights, batch, size, options.motion, options.cells)
                   : build_mini(batch, size, options.motion, options.cells);
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
  info.map_size = static_cast<int>(known.name == "mini"
                                       ? mini_map_size
                                       : xception_map_size(static_cast<std::size_t>(info.size)));
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
  bool motion = false;
  bool cells = false;
  std::size_t batch = 1;
  ov::Core core;
  ov::CompiledModel compiled;
  ov::InferRequest request;

  void check_frames(const Tensor& frames) const {
    const auto side = static_cast<std::size_t>(info.size);
    if (frames.dtype() != DType::u8 || frames.rank() != 4 || frames.dim(1) != side ||
        frames.dim(2) != side || frames.dim(3) != 3) {
      throw Error(format("{} takes uint8 frames [N, {}, {}, 3], not {} {}", info.name, side, side,
                         name_of(frames.dtype()), format_shape(frames.shape())));
    }
  }
  void check_motion(const Tensor& maps, std::size_t count) const {
    const auto side = static_cast<std::size_t>(info.map_size);
    if (!motion) throw Error(format("{} was compiled without motion pooling", info.name));
    if (maps.dtype() != DType::f32 || maps.shape() != Shape{count, side, side}) {
      throw Error(format("{} takes float32 motion maps [{}, {}, {}], not {} {}", info.name, count,
                         side, side, name_of(maps.dtype()), format_shape(maps.shape())));
    }
  }

  /// With `maps` null, any values serve for the weights.
  PooledFeatures run(const Tensor& frames, const Tensor* maps) {
    const std::size_t count = frames.dim(0);
    const std::size_t width = info.feature_size;
    PooledFeatures pooled{Tensor(DType::f32, {count, width}), {}};
    if (maps) pooled.motion = Tensor(DType::f32, {count, width});
    try {
      for (std::size_t first = 0; first < count; first += batch) {
        // The places of an incomplete last batch keep older frames; their results
        // are not read, and frames of a batch do not influence each other.
        const std::size_t used = std::min(batch, count - first);
        put<std::uint8_t>(frames, first, used, "frames");
        if (maps) put<float>(*maps, first, used, "motion_map");
        request.infer();
        take("avg", pooled.avg, first, used);
        if (maps) take("motion", pooled.motion, first, used);
      }
    } catch (const ov::Exception& error) {
      throw Error(format("OpenVINO cannot run {}: {}", info.name, error.what()));
    }
    return pooled;
  }

  /// [N, g * g, D].
  Tensor run_cells(const Tensor& frames) {
    const std::size_t count = frames.dim(0);
    const std::size_t places = static_cast<std::size_t>(info.map_size) * info.map_size;
    const std::size_t width = info.feature_size;
    Tensor cells_of_frames(DType::f32, {count, places, width});
    float* target = cells_of_frames.data<float>().data();
    try {
      for (std::size_t first = 0; first < count; first += batch) {
        const std::size_t used = std::min(batch, count - first);
        put<std::uint8_t>(frames, first, used, "frames");
        request.infer();
        const ov::Tensor map = request.get_tensor("last_map");
        const std::size_t maps = map.get_shape().at(1);
        // Where there are fewer maps than features, each position has features of its own.
        const bool own = maps != width;
        for (std::size_t frame = 0; frame < used; ++frame) {
          const float* source = map.data<float>() + frame * maps * places;
          for (std::size_t m = 0; m < maps; ++m) {
            for (std::size_t place = 0; place < places; ++place, ++source) {
              const std::size_t feature = own ? m * places + place : m;
              target[place * width + feature] =
                  own ? *source : *source / static_cast<float>(places);
            }
          }
          target += places * width;
        }
      }
    } catch (const ov::Exception& error) {
      throw Error(format("OpenVINO cannot run {}: {}", info.name, error.what()));
    }
    return cells_of_frames;
  }

private:
  template <typename Number>
  void put(const Tensor& source, std::size_t first, std::size_t used, const std::string& name) {
    const std::size_t each = source.size() / source.dim(0);
    std::memcpy(request.get_tensor(name).data<Number>(),
                source.data<Number>().data() + first * each, used * each * sizeof(Number));
  }
  void take(const std::string& name, Tensor& target, std::size_t first, std::size_t used) {
    const std::size_t width = target.dim(1);
    std::memcpy(target.data<float>().data() + first * width, request.get_tensor(name).data<float>(),
                used * width * sizeof(float));
  }
};

Backbone::Backbone(const PreparedBackbone& prepared) : impl_(std::make_unique<Impl>()) {
  const PreparedBackbone::Impl& source = *prepared.impl_;
  impl_->batch = static_cast<std::size_t>(source.options.batch);
  impl_->info = source.info;
  impl_->motion = source.options.motion;
  impl_->cells = source.options.cells;
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
  impl_->check_frames(frames);
  return impl_->run(frames, nullptr).avg;
}

Tensor Backbone::cell_features(const Tensor& frames) {
  impl_->check_frames(frames);
  if (!impl_->cells) throw Error(format("{} was compiled without cells", impl_->info.name));
  return impl_->run_cells(frames);
}

PooledFeatures Backbone::pooled_features(const Tensor& frames, const Tensor& motion) {
  impl_->check_frames(frames);
  impl_->check_motion(motion, frames.dim(0));
  return impl_->run(frames, &motion);
}

}  // namespace vidclass::backbone
