#include "train/gru_learner.hpp"

#include <algorithm>
#include <cmath>

#include "core/cpu_clones.hpp"
#include "train/dropout.hpp"
#include "train/transforms.hpp"

namespace vidclass::train {
namespace {

// Small inputs start the projection in its linear range and make weight decay
// bite; see docs/training.md.
constexpr double input_deviation = 0.2;

/// target[t] = read[t] - mean, [frames, width] with `stride` from frame to frame. `mean` may be
/// null.
VIDCLASS_FOR_EACH_CPU
void copy_transform(const TransformRead& read, const float* mean, float* target,
                    std::size_t stride) {
  for (std::size_t t = 0; t < read.frames; ++t, target += stride) {
    std::copy_n(read.first + t * read.stride, read.width, target);
    if (read.less != nullptr) {
      const float* less = read.less + t * read.stride;
      for (std::size_t d = 0; d < read.width; ++d) target[d] -= less[d];
    }
    if (mean == nullptr) continue;
    for (std::size_t d = 0; d < read.width; ++d) target[d] -= mean[d];
  }
}

VIDCLASS_FOR_EACH_CPU
void normalise(const std::vector<float>& mean, const std::vector<float>& scale,
               std::span<float> rows) {
  const std::size_t width = mean.size();
  for (std::size_t i = 0; i < rows.size(); i += width) {
    float* row = rows.data() + i;
    for (std::size_t d = 0; d < width; ++d) row[d] = (row[d] - mean[d]) * scale[d];
  }
}

std::size_t frame_count(const Batch& batch) {
  std::size_t frames = 0;
  for (const auto& clip : batch.clips) frames += clip->dim(0);
  return frames;
}

}  // namespace

GruLearner::GruLearner(const head::HeadSpec& spec, const Recipe& recipe, std::uint64_t seed)
    : PlainLearner(spec, seed),
      input_dropout_(recipe.input_dropout),
      feature_dropout_(recipe.feature_dropout),
      output_dropout_(recipe.output_dropout),
      mean_(head::values_read(spec)),
      scale_(mean_.size(), 1.0F),
      projection_(weights_, "projection", mean_.size(), spec.projection, random_),
      forward_(weights_, "forward", spec.projection, spec.hidden, random_),
      backward_(weights_, "backward", spec.projection, spec.hidden, random_),
      classifier_(weights_, "classifier", 2 * spec.hidden, spec.labels, random_) {}

void GruLearner::prepare(const LabelledFeatures& data) {
  const std::size_t width = mean_.size();
  std::vector<double> sum(width), squares(width);
  double frames = 0;
  for (std::size_t clip = 0; clip < data.size(); ++clip) {
    const std::size_t only[] = {clip};
    const std::vector<float> values = values_of(make_batch(data, only));
    for (std::size_t i = 0; i < values.size(); i += width) {
      for (std::size_t d = 0; d < width; ++d) {
        const auto value = static_cast<double>(values[i + d]);
        sum[d] += value;
        squares[d] += value * value;
      }
    }
    frames += static_cast<double>(values.size() / width);
  }
  // Each value to mean 0, and those of a transform by one factor to a mean deviation of
  // input_deviation: what varies much in the training clips stays large.
  std::size_t first = 0;
  for (const head::Transform transform : spec_.transforms) {
    const std::size_t end = first + head::width_of(transform, spec_);
    double deviations = 0;
    for (std::size_t d = first; d < end; ++d) {
      const double mean = sum[d] / frames;
      mean_[d] = static_cast<float>(mean);
      deviations += std::sqrt(std::max(squares[d] / frames - mean * mean, 0.0));
    }
    const double deviation = deviations / static_cast<double>(end - first);
    std::fill(scale_.data() + first, scale_.data() + end,
              static_cast<float>(input_deviation / (deviation + 1e-6)));
    first = end;
  }
}

double GruLearner::add_gradients(const Batch& batch, const Loss& loss, double scale) {
  auto [value, by_logits] = loss.of(logits(batch, /*training=*/true), batch.labels);
  for (float& gradient : by_logits.data<float>()) gradient *= static_cast<float>(scale);
  backward(by_logits.data<float>());
  return value;
}

Tensor GruLearner::probabilities(const Batch& batch) {
  Tensor result = logits(batch, /*training=*/false);
  softmax(result);
  return result;
}

NamedTensors GruLearner::export_parameters() {
  NamedTensors parameters = weights_.tensors();
  parameters["norm/mean"] = Tensor::from<float>({mean_.size()}, mean_);
  parameters["norm/scale"] = Tensor::from<float>({scale_.size()}, scale_);
  return parameters;
}

std::vector<float> GruLearner::values_of(const Batch& batch) const {
  const std::size_t width = mean_.size();
  std::vector<float> values(frame_count(batch) * width);
  float* target = values.data();
  std::vector<float> over_time;
  for (const auto& clip : batch.clips) {
    float* at = target;
    for (const head::Transform transform : spec_.transforms) {
      const TransformRead read = read_of(transform, *clip, spec_);
      if (head::is_centred(transform)) {
        over_time.assign(read.width, 0);
        add_mean(read, over_time.data());
      }
      copy_transform(read, head::is_centred(transform) ? over_time.data() : nullptr, at, width);
      at += read.width;
    }
    target += clip->dim(0) * width;
  }
  return values;
}

Tensor GruLearner::logits(const Batch& batch, bool training) {
  const auto dropped = [&](double rate, std::vector<float>& values) {
    return drop(training ? rate : 0, values, random_);
  };
  batch_ = &batch;
  read_ = values_of(batch);
  normalise(mean_, scale_, read_);
  read_kept_ = dropped(input_dropout_, read_);
  projected_ = projection_.forward(read_);
  for (float& value : projected_) value = std::max(value, 0.0F);
  projected_kept_ = dropped(feature_dropout_, projected_);

  frames_ = {.rows = rows_of(projected_, spec_.projection)};
  for (const auto& clip : batch.clips) {
    frames_.starts.push_back(frames_.starts.back() + clip->dim(0));
  }
  reversed_ = frames_;
  for (std::size_t clip = 0; clip < batch.size(); ++clip) {
    std::reverse(reversed_.rows.data() + frames_.starts[clip],
                 reversed_.rows.data() + frames_.starts[clip + 1]);
  }
  states_[0] = &forward_.forward(frames_);
  states_[1] = &backward_.forward(reversed_);
  pooled_ = pooled();
  pooled_kept_ = dropped(output_dropout_, pooled_);
  return Tensor::from<float>({batch.size(), spec_.labels}, classifier_.forward(pooled_));
}

std::vector<float> GruLearner::pooled() const {
  const std::size_t units = spec_.hidden;
  std::vector<float> result(frames_.clips() * 2 * units);
  float* target = result.data();
  for (std::size_t clip = 0; clip < frames_.clips(); ++clip) {
    const auto frames = static_cast<float>(frames_.frames(clip));
    for (const std::vector<float>* states : states_) {
      for (std::size_t row = frames_.starts[clip]; row < frames_.starts[clip + 1]; ++row) {
        for (std::size_t j = 0; j < units; ++j) target[j] += (*states)[row * units + j];
      }
      for (std::size_t j = 0; j < units; ++j) target[j] /= frames;
      target += units;
    }
  }
  return result;
}

void GruLearner::backward(std::span<const float> by_logits) {
  const std::size_t units = spec_.hidden;
  classifier_.add_gradients(pooled_, by_logits);
  std::vector<float> by_pooled = classifier_.backward(by_logits);
  multiply_by(pooled_kept_, by_pooled);

  std::vector<float> by_states[2];
  for (std::size_t direction = 0; direction < 2; ++direction) {
    by_states[direction].resize(frames_.rows.size() * units);
    for (std::size_t clip = 0; clip < frames_.clips(); ++clip) {
      const float* by_mean = by_pooled.data() + (2 * clip + direction) * units;
      const float share = 1 / static_cast<float>(frames_.frames(clip));
      for (std::size_t row = frames_.starts[clip]; row < frames_.starts[clip + 1]; ++row) {
        for (std::size_t j = 0; j < units; ++j) {
          by_states[direction][row * units + j] = by_mean[j] * share;
        }
      }
    }
  }
  forward_.backward(by_states[0]);
  backward_.backward(by_states[1]);

  by_projected_ = forward_.input_gradients();
  const std::vector<float> of_reversed = backward_.input_gradients();
  const std::size_t width = spec_.projection;
  for (std::size_t clip = 0; clip < frames_.clips(); ++clip) {
    const std::size_t first = frames_.starts[clip], end = frames_.starts[clip + 1];
    for (std::size_t row = first; row < end; ++row) {
      const float* turned = of_reversed.data() + (first + end - 1 - row) * width;
      for (std::size_t j = 0; j < width; ++j) by_projected_[row * width + j] += turned[j];
    }
  }
  multiply_by(projected_kept_, by_projected_);
  for (std::size_t i = 0; i < by_projected_.size(); ++i) {
    if (projected_[i] <= 0) by_projected_[i] = 0;  // ReLU, and what was dropped
  }
  projection_.add_gradients(read_, by_projected_);
}

std::vector<Tensor> GruLearner::feature_gradients() const {
  std::vector<float> by_read = projection_.backward(by_projected_);
  multiply_by(read_kept_, by_read);
  const std::size_t width = mean_.size();
  std::vector<Tensor> result;
  float* by_frame = by_read.data();
  for (const auto& clip : batch_->clips) {
    Tensor gradients(DType::f32, clip->shape());
    const std::size_t frames = clip->dim(0);
    std::size_t first = 0;
    for (const head::Transform transform : spec_.transforms) {
      const TransformRead read = read_of(transform, *clip, spec_);
      const auto at = [&](const float* from) {
        return gradients.data<float>().data() + (from - clip->data<float>().data());
      };
      for (std::size_t d = 0; d < read.width; ++d) {
        float* column = by_frame + first + d;
        float mean = 0;
        for (std::size_t t = 0; t < frames; ++t) {
          column[t * width] *= scale_[first + d];
          mean += column[t * width] / static_cast<float>(frames);
        }
        if (!head::is_centred(transform)) mean = 0;
        for (std::size_t t = 0; t < frames; ++t) {
          const float gradient = column[t * width] - mean;
          at(read.first)[t * read.stride + d] += gradient;
          if (read.less != nullptr) at(read.less)[t * read.stride + d] -= gradient;
        }
      }
      first += read.width;
    }
    by_frame += frames * width;
    result.push_back(std::move(gradients));
  }
  return result;
}

}  // namespace vidclass::train
