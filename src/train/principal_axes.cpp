#include "train/principal_axes.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>
#include <vector>

#include "core/parallel.hpp"
#include "core/random.hpp"
#include "train/matrix.hpp"
#include "train/weights.hpp"

namespace vidclass::train {
namespace {

constexpr std::size_t most_clips = 1024;
constexpr int iterations = 3;

/// Some rows of one width, one after another.
struct Samples {
  std::size_t width = 0;
  std::vector<float> values{};

  [[nodiscard]] std::size_t size() const { return values.size() / width; }
  [[nodiscard]] std::vector<const float*> rows() const {
    std::vector<const float*> rows;
    for (std::size_t i = 0; i < values.size(); i += width) rows.push_back(values.data() + i);
    return rows;
  }
  void add(const float* row) { values.insert(values.end(), row, row + width); }

  /// By one factor, so that their squares sum to the width, if they vary at all.
  void to_unit_weight() {
    double squares = 0;
    for (const float value : values) squares += static_cast<double>(value) * value;
    if (squares == 0) return;
    const auto factor = static_cast<float>(std::sqrt(static_cast<double>(width) / squares));
    for (float& value : values) value *= factor;
  }

  void subtract_mean() {
    std::vector<double> mean(width);
    for (std::size_t i = 0; i < values.size(); ++i) mean[i % width] += values[i];
    for (double& value : mean) value /= static_cast<double>(size());
    for (std::size_t i = 0; i < values.size(); ++i) {
      values[i] -= static_cast<float>(mean[i % width]);
    }
  }
};

/// Adds the mean of a clip to `means`, and a frame less that to `changes`. `first`: the first value
/// of a pooling in a frame.
void add_clip(const Tensor& clip, std::size_t first, std::size_t frame, Samples& means,
              Samples& changes) {
  const std::size_t frames = clip.dim(0);
  const std::size_t width = means.width;
  const float* values = clip.data<float>().data() + first;
  std::vector<float> mean(width);
  for (std::size_t t = 0; t < frames; ++t) {
    for (std::size_t d = 0; d < width; ++d) {
      mean[d] += values[t * clip.dim(1) + d] / static_cast<float>(frames);
    }
  }
  means.add(mean.data());
  changes.add(values + frame % frames * clip.dim(1));
  float* added = changes.values.data() + changes.values.size() - width;
  for (std::size_t d = 0; d < width; ++d) added[d] -= mean[d];
}

/// Rows [components, width], orthonormal, that span where the samples vary most.
std::vector<std::vector<double>> leading_axes(const Samples& samples, std::size_t components,
                                              Random& random, int threads) {
  Weight start{.name = {},
               .shape = {components, samples.width},
               .value = std::vector<float>(components * samples.width),
               .gradient = {}};
  initialise_orthogonal(start, random);
  std::vector<std::vector<double>> axes(components);
  for (std::size_t c = 0; c < components; ++c) {
    const auto row = start.value.begin() + static_cast<std::ptrdiff_t>(c * samples.width);
    axes[c].assign(row, row + static_cast<std::ptrdiff_t>(samples.width));
  }
  const std::vector<const float*> rows = samples.rows();
  // Sums of parts of a fixed size, so that the number of threads changes nothing.
  constexpr std::size_t rows_of_a_part = 1024;
  const std::size_t parts = (rows.size() + rows_of_a_part - 1) / rows_of_a_part;
  std::vector<std::vector<float>> sums(parts);
  std::vector<float> columns(samples.width * components);
  for (int iteration = 0; iteration < iterations; ++iteration) {
    for (std::size_t c = 0; c < components; ++c) {
      for (std::size_t d = 0; d < samples.width; ++d) {
        columns[d * components + c] = static_cast<float>(axes[c][d]);
      }
    }
    for_each_index(parts, thread_count(threads), [&](std::size_t part) {
      const std::size_t first = part * rows_of_a_part;
      const Rows some(rows.data() + first, std::min(rows_of_a_part, rows.size() - first));
      std::vector<float> along(some.size() * components);
      multiply(some, samples.width, columns.data(), components, nullptr, along.data());
      sums[part].assign(columns.size(), 0);
      add_outer_products(some, samples.width, along.data(), components, sums[part].data());
    });
    for (std::size_t c = 0; c < components; ++c) {
      for (std::size_t d = 0; d < samples.width; ++d) {
        double sum = 0;
        for (const auto& part : sums) sum += static_cast<double>(part[d * components + c]);
        axes[c][d] = sum;
      }
    }
    orthonormalise(axes);
  }
  return axes;
}

/// The axes as columns, [width, components], turned among themselves at random.
Tensor turned(const std::vector<std::vector<double>>& axes, Random& random) {
  const std::size_t components = axes.size(), width = axes.front().size();
  Weight turn{.name = {},
              .shape = {components, components},
              .value = std::vector<float>(components * components),
              .gradient = {}};
  initialise_orthogonal(turn, random);
  Tensor columns(DType::f32, {width, components});
  std::vector<float> row(components);
  for (std::size_t d = 0; d < width; ++d) {
    for (std::size_t c = 0; c < components; ++c) row[c] = static_cast<float>(axes[c][d]);
    const float* const rows[] = {row.data()};
    multiply(rows, components, turn.value.data(), components, nullptr,
             columns.data<float>().data() + d * components);
  }
  return columns;
}

Tensor axes_of_map(const LabelledFeatures& data, const std::vector<std::size_t>& clips,
                   std::size_t first, std::size_t width, std::size_t poolings,
                   std::size_t components, Random& random, int threads) {
  Samples means{width}, changes{width};
  for (const std::size_t clip : clips) {
    for (const auto* source : {&data.clips, &data.augmented}) {
      if (!*source) continue;
      const auto features = (*source)->features(clip);
      for (std::size_t pooling = 0; pooling < poolings; ++pooling) {
        add_clip(*features, first + pooling * width, changes.size(), means, changes);
      }
    }
  }
  means.subtract_mean();
  means.to_unit_weight();
  changes.to_unit_weight();
  means.values.insert(means.values.end(), changes.values.begin(), changes.values.end());
  changes = {};
  const std::size_t count = std::min(components, width);
  return turned(leading_axes(means, count, random, threads), random);
}

/// One map's poolings of all frames times `axes`: from `first` on in a frame of the clip, to
/// `target` on in one of the result.
void project(const Tensor& clip, std::size_t first, std::size_t width, std::size_t poolings,
             const Tensor& axes, Tensor& result, std::size_t target) {
  std::vector<const float*> rows;
  for (std::size_t t = 0; t < clip.dim(0); ++t) {
    for (std::size_t pooling = 0; pooling < poolings; ++pooling) {
      rows.push_back(clip.data<float>().data() + t * clip.dim(1) + first + pooling * width);
    }
  }
  std::vector<float> along(rows.size() * axes.dim(1));
  multiply(rows, width, axes.data<float>().data(), axes.dim(1), nullptr, along.data());
  const std::size_t of_a_frame = poolings * axes.dim(1);
  for (std::size_t t = 0; t < clip.dim(0); ++t) {
    std::copy_n(along.data() + t * of_a_frame, of_a_frame,
                result.data<float>().data() + t * result.dim(1) + target);
  }
}

}  // namespace

PrincipalAxes find_axes(const LabelledFeatures& data, const head::HeadSpec& sizes,
                        std::size_t components, std::uint64_t seed, int threads) {
  Random random{seed, 2};
  std::vector<std::size_t> clips(data.size());
  std::iota(clips.begin(), clips.end(), std::size_t{0});
  random.choose(clips, most_clips);
  const auto of_map = [&](std::size_t first, std::size_t width) {
    return axes_of_map(data, clips, first, width, sizes.poolings, components, random, threads);
  };
  PrincipalAxes axes;
  axes.last = of_map(0, sizes.features);
  if (sizes.middle > 0) axes.middle = of_map(sizes.poolings * sizes.features, sizes.middle);
  return axes;
}

head::HeadSpec along_axes(head::HeadSpec spec, const PrincipalAxes& axes) {
  spec.features = axes.last.dim(1);
  if (spec.middle > 0) spec.middle = axes.middle.dim(1);
  spec.axes = spec.middle_axes = 0;
  return spec;
}

AlongAxes::AlongAxes(const PrincipalAxes& axes, const head::HeadSpec& sizes)
    : sizes_(sizes), along_(along_axes(sizes, axes)), axes_(axes) {}

Tensor AlongAxes::operator()(const Tensor& clip) const {
  Tensor result(DType::f32, {clip.dim(0), head::input_width(along_)});
  project(clip, 0, sizes_.features, sizes_.poolings, axes_.last, result, 0);
  if (sizes_.middle > 0) {
    project(clip, sizes_.poolings * sizes_.features, sizes_.middle, sizes_.poolings, axes_.middle,
            result, along_.poolings * along_.features);
  }
  return result;
}

}  // namespace vidclass::train
