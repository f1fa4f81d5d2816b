#include "backbone/calibration.hpp"

#include <cmath>
#include <cstring>
#include <system_error>
#include <vector>

#include <openvino/op/convert.hpp>
#include <openvino/op/transpose.hpp>
#include <openvino/openvino.hpp>

#include "backbone/balance.hpp"
#include "backbone/channel_statistics.hpp"
#include "backbone/convolution_weights.hpp"
#include "backbone/openvino_error.hpp"
#include "backbone/prepared.hpp"
#include "backbone/quantisation_point.hpp"
#include "core/format.hpp"
#include "core/hash.hpp"
#include "vidclass/error.hpp"

namespace vidclass::backbone {
namespace {

constexpr const char* kind_key = "vidclass_calibration";
// Part of every calibration's digest: raised when quantise() makes other numbers of
// the same ranges.
constexpr int calibration_version = 1;

/// Does the value hold pixels as they came, whole numbers from 0 to 255?
bool is_pixels(ov::Output<ov::Node> value) {
  const auto passes = [](const ov::Node* node) {
    return ov::is_type<ov::op::v1::Transpose>(node) || ov::is_type<ov::op::v0::Convert>(node);
  };
  while (passes(value.get_node())) value = value.get_node()->input_value(0);
  return ov::is_type<ov::op::v0::Parameter>(value.get_node()) &&
         value.get_element_type() == ov::element::u8;
}

/// The float32 graph with every quantised value as a result.
class Probe {
public:
  explicit Probe(const PreparedBackbone::Impl& prepared)
      : model_(prepared.build(1, {})), points_(quantisation_points(*model_)) {
    ov::ResultVector results;
    for (const QuantisationPoint& point : points_) {
      results.push_back(std::make_shared<ov::op::v0::Result>(point.source));
    }
    const auto probe = std::make_shared<ov::Model>(results, model_->get_parameters());
    ov::AnyMap properties{ov::hint::inference_precision(ov::element::f32), ov::num_streams(1)};
    if (prepared.options.threads > 0) {
      properties.insert(ov::inference_num_threads(prepared.options.threads));
    }
    request_ = core_.compile_model(probe, "CPU", properties).create_infer_request();
  }

  [[nodiscard]] const std::vector<QuantisationPoint>& points() const { return points_; }

  /// Calls `see(point, values [1, channels, positions])` for one frame.
  template <typename See>
  void run(std::span<const std::uint8_t> frame, See see) {
    std::memcpy(request_.get_input_tensor(0).data<std::uint8_t>(), frame.data(), frame.size());
    request_.infer();
    for (std::size_t point = 0; point < points_.size(); ++point) {
      const ov::Tensor values = request_.get_output_tensor(point);
      see(point, std::span<const float>(values.data<float>(), values.get_size()));
    }
  }

private:
  std::shared_ptr<ov::Model> model_;
  std::vector<QuantisationPoint> points_;
  ov::Core core_;
  ov::InferRequest request_;
};

void add_ranges(NamedTensors& arrays, const QuantisationPoint& point,
                const std::vector<ChannelRange>& ranges, const std::vector<float>& means) {
  const auto add = [&](const char* name, float ChannelRange::*member) {
    std::vector<float> values;
    for (const ChannelRange& range : ranges) values.push_back(range.*member);
    arrays.emplace(point.name + "/" + name, Tensor::from<float>({values.size()}, values));
  };
  add("low", &ChannelRange::low);
  add("high", &ChannelRange::high);
  add("mean", &ChannelRange::mean);
  arrays.emplace(point.name + "/quantised_mean", Tensor::from<float>({means.size()}, means));
}

std::vector<ChannelRange> ranges_of(const QuantisationPoint& point,
                                    const ChannelStatistics& statistics) {
  std::vector<ChannelRange> ranges = statistics.ranges(point.zero_must_be_exact());
  if (point.mixes_channels()) {
    std::vector<ConvolutionWeights> readers(point.convolutions.begin(), point.convolutions.end());
    const auto widths = balanced_widths(ranges, readers);
    for (std::size_t c = 0; c < ranges.size(); ++c) ranges[c].set_width(widths[c]);
  }
  if (is_pixels(point.source)) {
    for (ChannelRange& range : ranges) {
      range = {.low = 0, .high = 255, .mean = range.mean};
    }
  }
  return ranges;
}

}  // namespace

Calibration calibrate(const PreparedBackbone& prepared, const Tensor& frames,
                      const ProgressFunction& progress, const CancellationToken& cancel) {
  const BackboneInfo& info = prepared.info();
  check_frames(info, frames);
  const std::size_t count = frames.dim(0);
  if (count == 0) throw Error("a calibration needs frames");
  const auto pixels = frames.data<std::uint8_t>();
  const std::size_t frame_bytes = pixels.size() / count;
  Calibration calibration{
      .fingerprint = info.fingerprint, .size = info.size, .frames = count, .ranges = {}};
  try {
    Probe probe(prepared.impl());
    std::vector<ChannelStatistics> statistics;
    for (const QuantisationPoint& point : probe.points()) statistics.emplace_back(point.channels);
    std::size_t done = 0;
    const auto pass = [&](auto add) {
      for (std::size_t frame = 0; frame < count; ++frame) {
        cancel.check();
        probe.run(pixels.subspan(frame * frame_bytes, frame_bytes), add);
        if (progress) progress({"calibrate", ++done, 3 * count, ""});
      }
    };
    pass([&](std::size_t point, auto values) { statistics[point].add_extremes(values, 1); });
    pass([&](std::size_t point, auto values) { statistics[point].add_histogram(values, 1); });
    std::vector<std::vector<ChannelRange>> ranges;
    std::vector<QuantisedMean> means;
    for (std::size_t i = 0; i < statistics.size(); ++i) {
      ranges.push_back(ranges_of(probe.points()[i], statistics[i]));
      means.emplace_back(ranges.back());
    }
    pass([&](std::size_t point, auto values) { means[point].add(values, 1); });
    for (std::size_t i = 0; i < means.size(); ++i) {
      add_ranges(calibration.ranges, probe.points()[i], ranges[i], means[i].means());
    }
  } catch (const ov::Exception& error) {
    throw Error(format("OpenVINO cannot calibrate {}: {}", info.name, reason(error)));
  }
  return calibration;
}

std::string digest(const Calibration& calibration) {
  Hasher hasher(HashKind::sha256);
  hasher.update(format("calibration v{} {} {}", calibration_version, calibration.fingerprint,
                       calibration.size));
  for (const auto& [name, tensor] : calibration.ranges) {
    hasher.update(name);
    hasher.update(format_shape(tensor.shape()));
    hasher.update(tensor.bytes());
  }
  return hasher.finish();
}

std::filesystem::path calibration_path(const std::filesystem::path& dir, const BackboneInfo& info) {
  return dir / format("{}-{:.16}-{}.safetensors", info.name, info.fingerprint, info.size);
}

void write(const std::filesystem::path& path, const Calibration& calibration) {
  write_safetensors(path, calibration.ranges,
                    {{kind_key, "1"},
                     {"fingerprint", calibration.fingerprint},
                     {"size", format("{}", calibration.size)},
                     {"frames", format("{}", calibration.frames)}});
}

Calibration read_calibration(const std::filesystem::path& path) {
  const SafetensorsFile file(path);
  const auto field = [&](const char* key) {
    const auto found = file.metadata().find(key);
    if (found == file.metadata().end()) {
      throw Error(format("{} is not a calibration: it says no {}", path.string(), key));
    }
    return found->second;
  };
  const auto number = [&](const char* key) {
    try {
      return std::stoi(field(key));
    } catch (const std::logic_error&) {
      throw Error(format("{} is damaged: {} is no number", path.string(), key));
    }
  };
  (void)field(kind_key);
  return {.fingerprint = field("fingerprint"),
          .size = number("size"),
          .frames = static_cast<std::size_t>(number("frames")),
          .ranges = file.load_all()};
}

std::optional<Calibration> find_calibration(const std::filesystem::path& path) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return std::nullopt;
  return read_calibration(path);
}

}  // namespace vidclass::backbone
