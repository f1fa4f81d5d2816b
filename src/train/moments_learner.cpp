// Learning the linear classifier on moments over time (head::HeadKind::moments).
#include <cmath>
#include <span>
#include <utility>

#include "core/cpu_clones.hpp"
#include "train/dropout.hpp"
#include "train/moments.hpp"
#include "train/plain_learner.hpp"

namespace vidclass::train {
namespace {

VIDCLASS_FOR_EACH_CPU
void scale_to(float length, std::span<float> values) {
  constexpr std::size_t lanes = 16;
  float sums[lanes] = {};
  std::size_t i = 0;
  for (; i + lanes <= values.size(); i += lanes) {
    for (std::size_t lane = 0; lane < lanes; ++lane)
      sums[lane] += values[i + lane] * values[i + lane];
  }
  float squares = head::moments_epsilon;
  for (; i < values.size(); ++i) squares += values[i] * values[i];
  for (const float sum : sums) squares += sum;
  const float factor = length / std::sqrt(squares);
  for (float& value : values) value *= factor;
}

/// Reads clips as moments_over_time() makes them.
class MomentsLearner final : public LinearLearner {
public:
  MomentsLearner(const head::HeadSpec& spec, double dropout, std::uint64_t seed)
      : LinearLearner(spec, seed),
        dropout_(dropout),
        mean_(head::values_read(spec)),
        length_(head::moment_length(spec)) {
    classifier_.emplace(weights_, "classifier", mean_.size(), spec.labels);
    for (const head::Transform transform : spec.transforms) {
      widths_.insert(widths_.end(), head::moments_of(transform), head::width_of(transform, spec));
    }
  }

  /// The mean of each moment over the training clips.
  void prepare(const LabelledFeatures& data) override {
    std::vector<double> sum(mean_.size());
    for (std::size_t clip = 0; clip < data.size(); ++clip) {
      const std::size_t only[] = {clip};
      const Batch batch = make_batch(data, only);
      const auto moments = batch.clips[0]->data<float>();
      for (std::size_t d = 0; d < sum.size(); ++d) sum[d] += static_cast<double>(moments[d]);
    }
    for (std::size_t d = 0; d < sum.size(); ++d) {
      mean_[d] = static_cast<float>(sum[d] / static_cast<double>(data.size()));
    }
  }

  [[nodiscard]] NamedTensors export_parameters() override {
    NamedTensors parameters = weights_.tensors();
    parameters["norm/mean"] = Tensor::from<float>({mean_.size()}, mean_);
    return parameters;
  }

private:
  /// [B, W]: each moment less its mean over the training clips, scaled to one length.
  [[nodiscard]] std::vector<float> inputs(const Batch& batch) const override {
    std::vector<float> x(batch.size() * mean_.size());
    float* target = x.data();
    for (const auto& clip : batch.clips) {
      const float* values = clip->data<float>().data();
      const float* mean = mean_.data();
      for (const std::size_t width : widths_) {
        for (std::size_t d = 0; d < width; ++d) target[d] = values[d] - mean[d];
        scale_to(length_, {target, width});
        target += width;
        values += width;
        mean += width;
      }
    }
    return x;
  }

  [[nodiscard]] std::vector<float> training_inputs(const Batch& batch) override {
    std::vector<float> x = inputs(batch);
    static_cast<void>(drop(dropout_, x, random_));
    return x;
  }

  double dropout_;
  std::vector<float> mean_;          // [W]
  std::vector<std::size_t> widths_;  // of each moment
  float length_;
};

}  // namespace

std::unique_ptr<Learner> make_moments_learner(const head::HeadSpec& spec, double dropout,
                                              std::uint64_t seed) {
  return std::make_unique<MomentsLearner>(spec, dropout, seed);
}

}  // namespace vidclass::train
