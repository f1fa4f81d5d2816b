#include "backbone/prepared.hpp"

#include <utility>

#include "backbone/cpu.hpp"
#include "core/format.hpp"
#include "core/hash.hpp"
#include "vidclass/error.hpp"

namespace vidclass::backbone {
namespace {

int checked_size(const KnownBackbone& known, int size) {
  if (size == 0) return known.default_size;
  constexpr int largest = 2048;
  if (size < known.smallest_size || size > largest) {
    throw UsageError(format("the frame size {} does not suit {}: choose {} to {} pixels", size,
                            known.name, known.smallest_size, largest));
  }
  return size;
}

/// Of every precision.
std::string device_arithmetic(const BackboneOptions& options) {
  return options.device == "CPU" ? "" : format("on {} ", options.device);
}

/// Puts the tuned weights in the place of the network's own.
void replace_weights(NamedTensors& weights, const NamedTensors& tuned) {
  for (const auto& [name, tensor] : tuned) {
    const auto found = weights.find(name);
    if (found == weights.end()) {
      throw Error(format("Xception has no weight named {} to be replaced by a tuned one", name));
    }
    if (tensor.dtype() != DType::f32 || tensor.shape() != found->second.shape()) {
      throw Error(format("the tuned weight {} is {} {} instead of F32 {}", name,
                         name_of(tensor.dtype()), format_shape(tensor.shape()),
                         format_shape(found->second.shape())));
    }
    found->second = tensor;
  }
}

}  // namespace

std::shared_ptr<ov::Model> PreparedBackbone::Impl::build(std::size_t batch,
                                                         const GraphOutputs& wanted) const {
  if (file) return file->build(batch, wanted);
  return known->build(weights, batch, static_cast<std::size_t>(info.size), wanted);
}

GraphOutputs PreparedBackbone::Impl::outputs() const {
  return {.motion = options.motion, .middle = info.middle_size > 0, .cells = options.cells};
}

void PreparedBackbone::Impl::take_file(const NetworkFile& network) {
  file.emplace(network, options.size);
  info.name = network.path.filename().string();
  info.file = file->file();
  info.feature_size = file->feature_size();
  info.size = file->size();
  info.map_size = static_cast<int>(file->map_size());
  info.motion_map_size = info.map_size;
  if (options.middle && file->middle_size() > 0) {
    info.middle_size = file->middle_size();
    info.motion_map_size = static_cast<int>(file->middle_map_size());
  } else {
    info.file->middle.clear();
  }
  info.fingerprint = file->fingerprint();
}

void PreparedBackbone::Impl::take_known(const ProgressFunction& progress,
                                        const CancellationToken& cancel) {
  known = &find_network(options.name);
  info.name = known->about.name;
  info.feature_size = known->about.feature_size;
  info.size = checked_size(known->about, options.size);
  const auto size = static_cast<std::size_t>(info.size);
  info.map_size = static_cast<int>(known->map_size(size));
  info.motion_map_size = info.map_size;
  if (options.middle && known->about.middle_size > 0) {
    info.middle_size = known->about.middle_size;
    info.motion_map_size = static_cast<int>(known->middle_map_size(size));
  }
  std::string version = format("{} v{}", info.name, known->version);
  if (known->read_weights != nullptr) {
    weights = known->read_weights(progress, cancel);
    if (options.tuned && known->about.tunable) replace_weights(weights, *options.tuned);
    version += " " + digest(weights);
  }
  info.fingerprint = sha256(version);
}

PreparedBackbone::PreparedBackbone(const BackboneOptions& options, const ProgressFunction& progress,
                                   const CancellationToken& cancel)
    : impl_(std::make_unique<Impl>()) {
  if (options.batch < 0) {
    throw UsageError(format("the batch size {} is wrong: it must be at least 1", options.batch));
  }
  impl_->options = options;
  BackboneInfo& info = impl_->info;
  info.precision = options.engine && options.precision == Precision::automatic
                       ? Precision::bf16
                       : resolve(options.precision);
  info.arithmetic = device_arithmetic(options);
  if (options.file) {
    impl_->take_file(*options.file);
  } else {
    impl_->take_known(progress, cancel);
  }
  if (options.tuned) require_tunable(*this);
  if (options.needs_middle && info.middle_size == 0) {
    throw UsageError(format(
        "{} has no map in the middle that is pooled: choose pooling avg or avg,motion", info.name));
  }
  if (options.motion && info.map_size == 0) {
    throw UsageError(
        format("{}: its features ({}) are not an average over a map, so motion cannot weigh them: "
               "choose pooling avg, or a feature that is a map",
               info.name, info.file->feature));
  }
  if (info.precision == Precision::int8) {
    if (options.calibration) {
      set_calibration(options.calibration);
    } else if (!options.calibration_dir.empty()) {
      auto kept = find_calibration(calibration_path(options.calibration_dir, info));
      if (kept) set_calibration(std::make_shared<const Calibration>(*std::move(kept)));
    }
  }
}
PreparedBackbone::~PreparedBackbone() = default;
PreparedBackbone::PreparedBackbone(PreparedBackbone&&) noexcept = default;
PreparedBackbone& PreparedBackbone::operator=(PreparedBackbone&&) noexcept = default;

const BackboneInfo& PreparedBackbone::info() const noexcept { return impl_->info; }
const BackboneOptions& PreparedBackbone::options() const noexcept { return impl_->options; }

const NamedTensors& PreparedBackbone::weights() const noexcept { return impl_->weights; }

void PreparedBackbone::release_weights() noexcept {
  impl_->weights.clear();
  impl_->file.reset();
}

bool PreparedBackbone::needs_calibration() const noexcept {
  return impl_->info.precision == Precision::int8 && !impl_->info.calibration;
}

void PreparedBackbone::set_calibration(std::shared_ptr<const Calibration> calibration) {
  BackboneInfo& info = impl_->info;
  if (info.precision != Precision::int8) return;
  if (calibration->fingerprint != info.fingerprint || calibration->size != info.size) {
    throw Error(
        format("the calibration is of another network or of frames of {} pixels instead "
               "of {}: calibrate again (vidclass backbone quantise)",
               calibration->size, info.size));
  }
  info.arithmetic =
      format("{}{}-bit weights, {} between, {}", device_arithmetic(impl_->options),
             int8_weight_bits(), to_string(resolve(Precision::automatic)), digest(*calibration));
  info.calibration = std::move(calibration);
}

void check_frames(const BackboneInfo& info, const Tensor& frames) {
  const auto side = static_cast<std::size_t>(info.size);
  if (frames.dtype() != DType::u8 || frames.rank() != 4 || frames.dim(1) != side ||
      frames.dim(2) != side || frames.dim(3) != 3) {
    throw Error(format("{} takes uint8 frames [N, {}, {}, 3], not {} {}", info.name, side, side,
                       name_of(frames.dtype()), format_shape(frames.shape())));
  }
}

void check_motion_maps(const BackboneInfo& info, const Tensor& maps, std::size_t count) {
  const auto side = static_cast<std::size_t>(info.motion_map_size);
  if (maps.dtype() != DType::f32 || maps.shape() != Shape{count, side, side}) {
    throw Error(format("{} takes float32 motion maps [{}, {}, {}], not {} {}", info.name, count,
                       side, side, name_of(maps.dtype()), format_shape(maps.shape())));
  }
}

}  // namespace vidclass::backbone
