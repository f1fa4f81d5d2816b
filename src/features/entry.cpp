#include "features/entry.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>

#include "core/format.hpp"
#include "vidclass/error.hpp"

namespace vidclass::features {
namespace {

const Tensor& array(const NamedTensors& arrays, std::string_view name, DType type) {
  const auto found = arrays.find(std::string(name));
  if (found == arrays.end()) throw Error(format("the array {} is missing", name));
  if (found->second.dtype() != type) {
    throw Error(format("the array {} is of {} instead of {}", name, name_of(found->second.dtype()),
                       name_of(type)));
  }
  return found->second;
}

template <typename Number>
bool all_finite_of(const Tensor& tensor) {
  const auto values = tensor.data<Number>();
  return std::all_of(values.begin(), values.end(), [](Number v) { return std::isfinite(v); });
}

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

/// Features a frame; 0 where these settings have none.
std::size_t width_of(const backbone::Pooling& pooling, const FeatureSettings& settings) {
  if (pooling.weighted && settings.clip.motion_grid == 0) return 0;
  return pooling.middle ? settings.backbone.middle_size : settings.backbone.feature_size;
}

}  // namespace

bool all_finite(const Tensor& tensor) {
  return tensor.dtype() == DType::f32   ? all_finite_of<float>(tensor)
         : tensor.dtype() == DType::f64 ? all_finite_of<double>(tensor)
                                        : false;
}

void check_entry(const NamedTensors& arrays, const FeatureSettings& settings) {
  const Tensor& times = array(arrays, "times", DType::f64);
  const std::size_t count = times.size();
  if (times.rank() != 1 || count < 1 || count > video::most_frames(settings.clip)) {
    throw Error(format("the array times has the shape {}, which does not fit {} frames",
                       format_shape(times.shape()), video::most_frames(settings.clip)));
  }
  if (!all_finite(times)) throw Error("a value is not finite");
  for (const backbone::Pooling& pooling : backbone::poolings) {
    const std::size_t width = width_of(pooling, settings);
    if (width == 0) continue;
    const Tensor& features = array(arrays, pooling.name, DType::f32);
    if (features.shape() != Shape{count, width}) {
      throw Error(format("the array {} is {} instead of {}", pooling.name,
                         format_shape(features.shape()), format_shape({count, width})));
    }
    if (!all_finite(features)) throw Error("a value is not finite");
  }
  if (settings.clip.clips > 1) check_views(array(arrays, "views", DType::i64), count, settings);
}

}  // namespace vidclass::features
