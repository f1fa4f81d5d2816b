// Learning the linear classifier on mean features (head::HeadKind::mean).
#include <algorithm>
#include <cmath>

#include "train/plain_learner.hpp"
#include "train/pooled_features.hpp"

namespace vidclass::train {
namespace {

class MeanLearner final : public LinearLearner {
public:
  MeanLearner(const head::HeadSpec& spec, std::uint64_t seed)
      : LinearLearner(spec, seed), mean_(spec.features), scale_(spec.features, 1.0F) {
    classifier_.emplace(weights_, "classifier", spec.features, spec.labels, random_);
  }

  /// Each feature to mean 0 and deviation 1 over the clips. The floor keeps values
  /// that hardly vary from being blown up.
  void prepare(const LabelledFeatures& data) override {
    std::vector<double> sum(spec_.features), squares(spec_.features);
    for (std::size_t clip = 0; clip < data.size(); ++clip) {
      const auto mean = mean_over_time(*data.clips->features(clip), spec_.features);
      for (std::size_t d = 0; d < mean.size(); ++d) {
        sum[d] += mean[d];
        squares[d] += static_cast<double>(mean[d]) * mean[d];
      }
    }
    const auto count = static_cast<double>(data.size());
    std::vector<double> deviation(spec_.features);
    double mean_deviation = 0;
    for (std::size_t d = 0; d < deviation.size(); ++d) {
      const double mean = sum[d] / count;
      mean_[d] = static_cast<float>(mean);
      deviation[d] = std::sqrt(std::max(0.0, squares[d] / count - mean * mean));
      mean_deviation += deviation[d] / static_cast<double>(deviation.size());
    }
    for (std::size_t d = 0; d < deviation.size(); ++d) {
      scale_[d] = static_cast<float>(1 / (deviation[d] + 0.1 * mean_deviation + 1e-6));
    }
  }

  [[nodiscard]] NamedTensors export_parameters() override {
    NamedTensors parameters = weights_.tensors();
    parameters["norm/mean"] = Tensor::from<float>({mean_.size()}, mean_);
    parameters["norm/scale"] = Tensor::from<float>({scale_.size()}, scale_);
    return parameters;
  }

private:
  [[nodiscard]] std::vector<float> inputs(const Batch& batch) const override {
    std::vector<float> x;
    x.reserve(batch.size() * mean_.size());
    for (const auto& clip : batch.clips) {
      const auto mean = mean_over_time(*clip, spec_.features);
      for (std::size_t d = 0; d < mean.size(); ++d) {
        x.push_back((mean[d] - mean_[d]) * scale_[d]);
      }
    }
    return x;
  }

  std::vector<float> mean_;
  std::vector<float> scale_;
};

}  // namespace

std::unique_ptr<Learner> make_mean_learner(const head::HeadSpec& spec, std::uint64_t seed) {
  return std::make_unique<MeanLearner>(spec, seed);
}

}  // namespace vidclass::train
