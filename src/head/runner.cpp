#include "head/runner.hpp"

#include <algorithm>
#include <cstring>
#include <vector>

#include <openvino/openvino.hpp>

#include "core/format.hpp"
#include "head/head_graph.hpp"
#include "vidclass/error.hpp"

namespace vidclass::head {
namespace {

// Enough to keep the matrix products large, little enough to need no memory.
constexpr std::size_t clips_at_once = 64;

}  // namespace

struct HeadRunner::Impl {
  std::size_t width = 0;  // P D
  std::size_t labels = 0;
  std::size_t most_frames = 0;  // 0: any number
  ov::Core core;
  ov::CompiledModel compiled;
  ov::InferRequest request;

  void check_clip(const Tensor& clip) const {
    if (clip.dtype() != DType::f32 || clip.rank() != 2 || clip.dim(0) == 0 ||
        clip.dim(1) != width) {
      throw Error(format("the head takes float32 features [T, {}] with T >= 1, not {} {}", width,
                         name_of(clip.dtype()), format_shape(clip.shape())));
    }
    if (most_frames > 0 && clip.dim(0) > most_frames) {
      throw Error(
          format("the head takes at most {} frames of a clip, not {}", most_frames, clip.dim(0)));
    }
  }

  void run(std::span<const Tensor> clips, float* target) {
    std::size_t longest = 0;
    for (const Tensor& clip : clips) {
      check_clip(clip);
      longest = std::max(longest, clip.dim(0));
    }
    ov::Tensor input(ov::element::f32, {clips.size(), longest, width});
    ov::Tensor lengths(ov::element::i32, {clips.size()});
    auto* values = input.data<float>();
    // What lies beyond a clip's end is masked, but must be finite all the same.
    std::fill_n(values, input.get_size(), 0.0F);
    for (std::size_t i = 0; i < clips.size(); ++i) {
      const auto source = clips[i].data<float>();
      std::memcpy(values + i * longest * width, source.data(), source.size_bytes());
      lengths.data<std::int32_t>()[i] = static_cast<std::int32_t>(clips[i].dim(0));
    }
    request.set_tensor("features", input);
    request.set_tensor("lengths", lengths);
    request.infer();
    std::memcpy(target, request.get_output_tensor().data<float>(),
                clips.size() * labels * sizeof(float));
  }
};

HeadRunner::HeadRunner(const Ensemble& ensemble, int threads) : impl_(std::make_unique<Impl>()) {
  if (ensemble.empty()) throw Error("a model without a head cannot classify");
  for (const Head& head : ensemble) {
    check(head);
    if (head.spec.features != ensemble[0].spec.features ||
        head.spec.middle != ensemble[0].spec.middle ||
        head.spec.poolings != ensemble[0].spec.poolings ||
        head.spec.labels != ensemble[0].spec.labels) {
      throw Error("the heads of a model disagree on the number of features, poolings or labels");
    }
  }
  impl_->width = input_width(ensemble[0].spec);
  impl_->labels = ensemble[0].spec.labels;
  for (const Head& head : ensemble) {
    if (head.spec.steps == 0) continue;
    impl_->most_frames =
        impl_->most_frames == 0 ? head.spec.steps : std::min(impl_->most_frames, head.spec.steps);
  }
  ov::AnyMap properties{ov::hint::performance_mode(ov::hint::PerformanceMode::LATENCY),
                        ov::num_streams(1), ov::hint::inference_precision(ov::element::f32)};
  if (threads > 0) properties.insert(ov::inference_num_threads(threads));
  try {
    impl_->compiled = impl_->core.compile_model(build_graph(ensemble), "CPU", properties);
    impl_->request = impl_->compiled.create_infer_request();
  } catch (const ov::Exception& error) {
    throw Error(format("OpenVINO cannot compile the head: {}", error.what()));
  }
}
HeadRunner::~HeadRunner() = default;
HeadRunner::HeadRunner(HeadRunner&&) noexcept = default;
HeadRunner& HeadRunner::operator=(HeadRunner&&) noexcept = default;

Tensor HeadRunner::probabilities(std::span<const Tensor> clips) {
  Tensor result(DType::f32, {clips.size(), impl_->labels});
  float* target = result.data<float>().data();
  try {
    for (std::size_t first = 0; first < clips.size(); first += clips_at_once) {
      const std::size_t count = std::min(clips_at_once, clips.size() - first);
      impl_->run(clips.subspan(first, count), target + first * impl_->labels);
    }
  } catch (const ov::Exception& error) {
    throw Error(format("OpenVINO cannot run the head: {}", error.what()));
  }
  return result;
}

Tensor HeadRunner::probabilities(const Tensor& clip) {
  return probabilities(std::span(&clip, 1)).reshaped({impl_->labels});
}

}  // namespace vidclass::head
