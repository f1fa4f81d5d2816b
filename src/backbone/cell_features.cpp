#include <algorithm>
#include <cstring>

#include "backbone/compiled.hpp"
#include "backbone/openvino_error.hpp"
#include "backbone/prepared.hpp"
#include "core/format.hpp"
#include "vidclass/core/error.hpp"

namespace vidclass::backbone {
namespace {

/// One frame's last map [M, g g] to what each position adds to the features, [g g, D].
/// With M = D the features are averages over positions; with fewer maps each position has
/// features of its own.
void spread(const float* map, std::size_t maps, std::size_t places, std::size_t width,
            float* target) {
  const bool own = maps != width;
  const float share = own ? 1.0F : 1.0F / static_cast<float>(places);
  for (std::size_t m = 0; m < maps; ++m) {
    for (std::size_t place = 0; place < places; ++place, ++map) {
      target[place * width + (own ? m * places + place : m)] = *map * share;
    }
  }
}

}  // namespace

Tensor Backbone::cell_features(const Tensor& frames) {
  check_frames(impl_->info, frames);
  if (!impl_->cells) throw Error(format("{} was compiled without cells", impl_->info.name));
  const auto side = static_cast<std::size_t>(impl_->info.map_size);
  const std::size_t places = side * side;
  const std::size_t width = impl_->info.feature_size;
  const std::size_t count = frames.dim(0);
  const std::size_t frame_bytes = frames.size() / count;
  Tensor cells(DType::f32, {count, places, width});
  float* target = cells.data<float>().data();
  ov::InferRequest& request = impl_->requests.front();
  try {
    for (std::size_t first = 0; first < count; first += impl_->batch) {
      const std::size_t used = std::min(impl_->batch, count - first);
      std::memcpy(request.get_tensor("frames").data<std::uint8_t>(),
                  frames.data<std::uint8_t>().data() + first * frame_bytes, used * frame_bytes);
      request.infer();
      const ov::Tensor map = request.get_tensor("last_map");
      const std::size_t maps = map.get_shape().at(1);
      for (std::size_t frame = 0; frame < used; ++frame, target += places * width) {
        spread(map.data<float>() + frame * maps * places, maps, places, width, target);
      }
    }
  } catch (const ov::Exception& error) {
    throw Error(format("OpenVINO cannot run {}: {}", impl_->info.name, reason(error)));
  }
  return cells;
}

}  // namespace vidclass::backbone
