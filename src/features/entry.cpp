#include "features/entry.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/arrays.hpp"
#include "core/format.hpp"
#include "vidclass/error.hpp"

namespace vidclass::features {
namespace {

void check_views(const Tensor& views, std::size_t frames, const FeatureSettings& settings) {
  const bool shaped = views.rank() == 2 &&
                      views.dim(0) == static_cast<std::size_t>(settings.clip.clips) &&
                      views.dim(1) >= 1;
  const auto indices = views.data<std::int64_t>();
  const bool within = std::all_of(indices.begin(), indices.end(), [&](std::int64_t index) {
    return index >= 0 && static_cast<std::size_t>(index) < frames;
  });
  if (!shaped || !within) {
    throw Error(format("the array views is {} or names frames that are not there",
                       format_shape(views.shape())));
  }
}

}  // namespace

std::size_t width_of(const backbone::Pooling& pooling, const FeatureSettings& settings) noexcept {
  if (pooling.weighted && settings.clip.motion_grid == 0) return 0;
  return pooling.middle ? settings.backbone.middle_size : settings.backbone.feature_size;
}

void check_entry(const NamedTensors& arrays, const FeatureSettings& settings) {
  const Tensor& times = array_of(arrays, "times", DType::f64);
  const std::size_t count = times.size();
  if (times.rank() != 1 || count < 1 || count > video::most_frames(settings.clip)) {
    throw Error(format("the array times has the shape {}, which does not fit {} frames",
                       format_shape(times.shape()), video::most_frames(settings.clip)));
  }
  if (!all_finite(times)) throw Error("a value is not finite");
  for (const backbone::Pooling& pooling : backbone::poolings) {
    const std::size_t width = width_of(pooling, settings);
    if (width == 0) continue;
    const Tensor& features = array_of(arrays, pooling.name, DType::f32);
    if (features.shape() != Shape{count, width}) {
      throw Error(format("the array {} is {} instead of {}", pooling.name,
                         format_shape(features.shape()), format_shape({count, width})));
    }
    if (!all_finite(features)) throw Error("a value is not finite");
  }
  if (settings.clip.clips > 1) check_views(array_of(arrays, "views", DType::i64), count, settings);
}

}  // namespace vidclass::features
