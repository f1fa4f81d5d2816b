#include "backbone/peak.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <vector>

#include <openvino/op/constant.hpp>
#include <openvino/op/convolution.hpp>
#include <openvino/op/fake_quantize.hpp>
#include <openvino/op/group_conv.hpp>
#include <openvino/op/matmul.hpp>
#include <openvino/openvino.hpp>

#include "backbone/compile.hpp"
#include "backbone/graph_input.hpp"
#include "backbone/openvino_error.hpp"
#include "backbone/prepared.hpp"
#include "core/format.hpp"
#include "vidclass/error.hpp"

namespace vidclass::backbone {
namespace {

ov::Output<ov::Node> quantised(const ov::Output<ov::Node>& value, float low, float high,
                               std::size_t levels) {
  const auto lowest = constant_f32({}, &low);
  const auto highest = constant_f32({}, &high);
  return std::make_shared<ov::op::v0::FakeQuantize>(value, lowest, highest, lowest, highest,
                                                    levels);
}

/// A chain of `layers` products [rows, width] x [width, width].
std::shared_ptr<ov::Model> product_chain(std::size_t rows, std::size_t width, std::size_t layers,
                                         bool int8) {
  const auto input =
      std::make_shared<ov::op::v0::Parameter>(ov::element::f32, ov::Shape{rows, width});
  std::vector<float> weights(width * width);
  for (std::size_t i = 0; i < weights.size(); ++i) {
    weights[i] = static_cast<float>(i * 7919 % 255) / 127.0F - 1.0F;
  }
  // Small enough that values neither grow nor vanish along the chain.
  const float gain = std::sqrt(3.0F / static_cast<float>(width));
  for (float& weight : weights) weight *= gain;
  ov::Output<ov::Node> x = input;
  for (std::size_t i = 0; i < layers; ++i) {
    ov::Output<ov::Node> w = constant_f32({width, width}, weights.data());
    if (int8) {
      x = quantised(x, -1.0F, 127.0F / 128.0F, 256);
      w = quantised(w, -gain, gain, 255);
    }
    x = std::make_shared<ov::op::v0::MatMul>(x, w, false, true);
  }
  return std::make_shared<ov::Model>(ov::ResultVector{std::make_shared<ov::op::v0::Result>(x)},
                                     ov::ParameterVector{input});
}

double operations_of(const ov::Node& convolution) {
  const ov::Shape& weights = convolution.get_input_shape(1);
  const ov::Shape& result = convolution.get_output_shape(0);
  const std::size_t outputs = ov::shape_size(result);
  const std::size_t channels = result[1];
  // Each output value sums over the weights of its own channel.
  return 2.0 * static_cast<double>(outputs) * static_cast<double>(ov::shape_size(weights)) /
         static_cast<double>(channels);
}

}  // namespace

struct MatrixPeak::Impl {
  /// Products that run side by side, over and over.
  struct Work {
    double operations = 0;  // of one product, in billions
    std::vector<ov::InferRequest> requests;

    double measure(double seconds) {
      using Clock = std::chrono::steady_clock;
      for (ov::InferRequest& request : requests) request.start_async();
      std::size_t done = 0;
      const auto start = Clock::now();
      std::chrono::duration<double> took{0};
      for (std::size_t next = 0; took.count() < seconds; next = (next + 1) % requests.size()) {
        requests[next].wait();
        took = Clock::now() - start;
        ++done;
        requests[next].start_async();
      }
      for (ov::InferRequest& request : requests) request.wait();
      return static_cast<double>(done) * operations / took.count();
    }
  };

  ov::Core core;
  Precision precision;
  int threads;
  Work quickest;

  Impl(Precision wanted, int of_threads, Search search) : precision(wanted), threads(of_threads) {
    struct Size {
      std::size_t rows, width;
    };
    // The rows are those of one frame or of a batch, the widths those of large layers.
    constexpr std::array sizes{Size{361, 728}, Size{1444, 768}, Size{2048, 1024}, Size{1024, 2048}};
    if (search == Search::brief) {
      quickest = compile(sizes[1].rows, sizes[1].width, Load::many_frames);
      (void)quickest.measure(0);
      return;
    }
    double best = 0;
    for (const Size& size : sizes) {
      for (const Load load : {Load::few_frames, Load::many_frames}) {
        Work work = compile(size.rows, size.width, load);
        (void)work.measure(0);
        constexpr double trial = 0.1;
        const double found = work.measure(trial);
        if (found > best) {
          best = found;
          quickest = std::move(work);
        }
      }
    }
  }

  Work compile(std::size_t rows, std::size_t width, Load load) {
    constexpr std::size_t layers = 6;
    BackboneOptions options;
    options.threads = threads;
    auto compiled =
        core.compile_model(product_chain(rows, width, layers, precision == Precision::int8), "CPU",
                           compile_properties(options, precision, load));
    Work work{.operations = 2e-9 * layers * static_cast<double>(rows * width * width),
              .requests = {}};
    const unsigned count =
        load == Load::few_frames ? 1 : compiled.get_property(ov::optimal_number_of_infer_requests);
    for (unsigned i = 0; i < count; ++i) {
      work.requests.push_back(compiled.create_infer_request());
      ov::Tensor input = work.requests.back().get_input_tensor();
      std::fill_n(input.data<float>(), input.get_size(), 0.25F);
    }
    return work;
  }
};

namespace {

template <typename Work>
auto guarded(Precision precision, Work work) {
  try {
    return work();
  } catch (const ov::Exception& error) {
    throw Error(
        format("OpenVINO cannot multiply matrices in {}: {}", to_string(precision), reason(error)));
  }
}

}  // namespace

MatrixPeak::MatrixPeak(Precision precision, int threads, Search search)
    : impl_(
          guarded(precision, [&] { return std::make_unique<Impl>(precision, threads, search); })) {}
MatrixPeak::~MatrixPeak() = default;
MatrixPeak::MatrixPeak(MatrixPeak&&) noexcept = default;
MatrixPeak& MatrixPeak::operator=(MatrixPeak&&) noexcept = default;

double MatrixPeak::measure(double seconds) {
  return guarded(impl_->precision, [&] { return impl_->quickest.measure(seconds); });
}

double operations_per_frame(const PreparedBackbone& prepared) {
  double sum = 0;
  for (const auto& node : prepared.impl().build(1, {})->get_ops()) {
    if (ov::is_type<ov::op::v1::Convolution>(node) ||
        ov::is_type<ov::op::v1::GroupConvolution>(node)) {
      sum += operations_of(*node);
    }
  }
  return sum / 1e9;
}

}  // namespace vidclass::backbone
