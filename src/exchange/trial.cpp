#include "exchange/trial.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>

#include "core/format.hpp"
#include "core/random.hpp"
#include "features/extractor.hpp"
#include "head/runner.hpp"
#include "vidclass/error.hpp"

namespace vidclass::exchange {
namespace {

constexpr std::uint64_t trial_seed = 1;

Tensor lengths_tensor(const std::vector<std::size_t>& lengths) {
  return Tensor::from<std::int32_t>({lengths.size()},
                                    std::vector<std::int32_t>(lengths.begin(), lengths.end()));
}

/// Typical features of a frame, [W]: a value and how far others lie from it.
class TypicalFeatures {
public:
  explicit TypicalFeatures(const model::Model& model) {
    const head::HeadSpec& spec = model.heads.at(0).spec;
    middle_.assign(head::input_width(spec), 0.5F);
    spread_.assign(middle_.size(), 0.5F);
    // The baseline knows the plain average, which the other poolings resemble.
    if (!model.baseline) return;
    const NamedTensors& known = model.baseline->parameters;
    const auto mean = known.find("norm/mean");
    const auto scale = known.find("norm/scale");
    if (mean == known.end() || scale == known.end()) return;
    const std::size_t width = mean->second.size();
    for (std::size_t pooling = 0; pooling < spec.poolings; ++pooling) {
      for (std::size_t i = 0; i < width; ++i) {
        const float unit = scale->second.data<float>()[i];
        middle_[pooling * width + i] = mean->second.data<float>()[i];
        spread_[pooling * width + i] = unit > 0 ? std::min(10.F, 1 / unit) : 0;
      }
    }
  }

  [[nodiscard]] std::size_t width() const { return middle_.size(); }
  [[nodiscard]] float draw(std::size_t i, Random& random) const {
    return middle_[i] + spread_[i] * random.between(-1, 1);
  }

private:
  std::vector<float> middle_;
  std::vector<float> spread_;
};

Trial feature_trial(const TypicalFeatures& typical, const std::vector<std::size_t>& lengths,
                    head::HeadRunner& heads, Random& random) {
  const std::size_t steps = *std::max_element(lengths.begin(), lengths.end());
  Tensor features(DType::f32, {lengths.size(), steps, typical.width()});
  float* target = features.data<float>().data();
  std::vector<Tensor> clips;
  for (const std::size_t length : lengths) {
    Tensor& clip = clips.emplace_back(DType::f32, Shape{length, typical.width()});
    float* value = clip.data<float>().data();
    for (std::size_t i = 0; i < clip.size(); ++i) {
      value[i] = typical.draw(i % typical.width(), random);
    }
    std::copy_n(value, clip.size(), target);
    target += steps * typical.width();
  }
  return {.inputs = {{"features", std::move(features)}, {"lengths", lengths_tensor(lengths)}},
          .expected = heads.probabilities(clips)};
}

/// A picture of coloured rectangles, which wander from frame to frame.
void paint(std::uint8_t* frames, std::size_t count, std::size_t side, Random& random) {
  constexpr int rectangles = 12;
  std::fill_n(frames, count * side * side * 3, std::uint8_t{90});
  for (int r = 0; r < rectangles; ++r) {
    const std::size_t size = 1 + random.below(side / 2);
    std::size_t x = random.below(side);
    std::size_t y = random.below(side);
    const std::uint64_t colour = random.next();
    for (std::size_t t = 0; t < count; ++t) {
      for (std::size_t row = y; row < std::min(side, y + size); ++row) {
        for (std::size_t column = x; column < std::min(side, x + size); ++column) {
          std::uint8_t* pixel = frames + ((t * side + row) * side + column) * 3;
          for (int c = 0; c < 3; ++c) pixel[c] = static_cast<std::uint8_t>(colour >> (8 * c));
        }
      }
      x = (x + random.below(5)) % side;
      y = (y + random.below(5)) % side;
    }
  }
}

/// Float32 [count, side, side], each summing to 1.
void draw_maps(float* maps, std::size_t count, std::size_t cells, Random& random) {
  for (std::size_t t = 0; t < count; ++t, maps += cells) {
    for (std::size_t i = 0; i < cells; ++i) maps[i] = random.between(0, 1);
    const float sum = std::accumulate(maps, maps + cells, 0.0F);
    for (std::size_t i = 0; i < cells; ++i) maps[i] /= sum;
  }
}

Tensor features_of(backbone::Backbone& network, const Tensor& frames, const Tensor& maps) {
  backbone::PooledFeatures pooled;
  if (maps.empty()) {
    pooled.avg = network.features(frames);
  } else {
    pooled = network.pooled_features(frames, maps);
  }
  features::ClipFeatures named;
  for (const backbone::Pooling& pooling : backbone::poolings) {
    Tensor& values = pooled.*pooling.features;
    if (!values.empty()) named[pooling.name] = std::move(values);
  }
  return features::joined_poolings(std::move(named));
}

template <typename Value>
Tensor rows(const Tensor& all, std::size_t first, std::size_t count) {
  Shape shape(all.shape().begin() + 1, all.shape().end());
  shape[0] = count;
  const std::size_t each = all.size() / all.dim(0) / all.dim(1);
  return Tensor::from<Value>(shape,
                             all.data<Value>().subspan(first * all.dim(1) * each, count * each));
}

Trial frame_trial(backbone::Backbone& network, const std::vector<std::size_t>& lengths,
                  std::size_t grid, head::HeadRunner& heads, Random& random) {
  const std::size_t steps = *std::max_element(lengths.begin(), lengths.end());
  const auto side = static_cast<std::size_t>(network.info().size);
  Tensor frames(DType::u8, {lengths.size(), steps, side, side, 3});
  Tensor maps(DType::f32, {grid > 0 ? lengths.size() : 0, steps, grid, grid});
  std::vector<Tensor> clips;
  for (std::size_t clip = 0; clip < lengths.size(); ++clip) {
    paint(frames.data<std::uint8_t>().data() + clip * steps * side * side * 3, steps, side, random);
    Tensor own_maps;
    if (grid > 0) {
      draw_maps(maps.data<float>().data() + clip * steps * grid * grid, steps, grid * grid, random);
      own_maps = rows<float>(maps, clip, lengths[clip]);
    }
    clips.push_back(
        features_of(network, rows<std::uint8_t>(frames, clip, lengths[clip]), own_maps));
  }
  Trial trial{.inputs = {{"frames", std::move(frames)}, {"lengths", lengths_tensor(lengths)}},
              .expected = heads.probabilities(clips)};
  if (grid > 0) trial.inputs["motion_map"] = std::move(maps);
  return trial;
}

}  // namespace

std::vector<Trial> feature_trials(const model::Model& model) {
  const auto frames = static_cast<std::size_t>(model.clip.frames);
  const std::size_t half = (frames + 1) / 2;
  const TypicalFeatures typical(model);
  head::HeadRunner heads(model.heads);
  Random random(trial_seed);
  return {
      feature_trial(typical, {frames, 1, half, frames, std::min<std::size_t>(2, frames), half, 1},
                    heads, random),
      feature_trial(typical, {frames}, heads, random), feature_trial(typical, {1}, heads, random)};
}

std::vector<Trial> frame_trials(const model::Model& model, backbone::Backbone& network,
                                std::size_t together) {
  const auto frames = static_cast<std::size_t>(std::min(model.clip.frames, 20));
  const auto grid = static_cast<std::size_t>(model.clip.motion_grid);
  head::HeadRunner heads(model.heads);
  Random random(trial_seed);
  std::vector<std::size_t> lengths;
  for (std::size_t i = 0; i < together; ++i) {
    lengths.push_back(i % 3 == 0 ? frames : i % 3 == 1 ? (frames + 2) / 3 : 1);
  }
  return {frame_trial(network, lengths, grid, heads, random),
          frame_trial(network, {(frames + 1) / 2}, grid, heads, random)};
}

double largest_difference(const std::vector<Trial>& trials, const RunExported& run) {
  double largest = 0;
  for (const Trial& trial : trials) {
    const Tensor found = run(trial.inputs);
    if (found.shape() != trial.expected.shape()) {
      throw Error(format("what was exported gives {} instead of {}", format_shape(found.shape()),
                         format_shape(trial.expected.shape())));
    }
    for (std::size_t i = 0; i < found.size(); ++i) {
      const double difference =
          std::abs(double{found.data<float>()[i]} - trial.expected.data<float>()[i]);
      if (!(difference <= largest)) {
        largest = std::isnan(difference) ? std::numeric_limits<double>::infinity() : difference;
      }
    }
  }
  return largest;
}

}  // namespace vidclass::exchange
