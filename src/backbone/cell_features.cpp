#include <algorithm>
#include <cstring>
#include <span>
#include <utility>
#include <vector>

#include "backbone/compiled.hpp"
#include "backbone/prepared.hpp"
#include "core/format.hpp"
#include "vidclass/error.hpp"

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

CellFeatures Backbone::cell_features(const Tensor& frames) {
  const BackboneInfo& info = impl_->info;
  check_frames(info, frames);
  if (!impl_->cells) throw Error(format("{} was compiled without cells", info.name));
  const std::size_t count = frames.dim(0);
  const auto cells_of = [&](int side, std::size_t width) {
    const auto cells = static_cast<std::size_t>(side) * static_cast<std::size_t>(side);
    return Tensor(DType::f32, {count, cells, width});
  };
  CellFeatures result{.last = cells_of(info.map_size, info.feature_size)};
  std::vector<std::pair<const char*, Tensor*>> outputs{{"last_map", &result.last}};
  if (info.middle_size > 0) {
    result.middle = cells_of(info.motion_map_size, info.middle_size);
    outputs.emplace_back("middle_map", &result.middle);
  }
  const std::size_t frame_bytes = frames.size() / count;
  Request& request = *impl_->requests.front();
  const std::size_t batch = impl_->engine->batch();
  for (std::size_t first = 0; first < count; first += batch) {
    const std::size_t used = std::min(batch, count - first);
    std::memcpy(request.input("frames").data(),
                frames.data<std::uint8_t>().data() + first * frame_bytes, used * frame_bytes);
    request.start(used);
    request.wait();
    for (const auto& [name, cells] : outputs) {
      const std::span<const float> map = request.output(name);
      const std::size_t places = cells->dim(1);
      const std::size_t maps = map.size() / (batch * places);
      const std::size_t width = cells->dim(2);
      for (std::size_t frame = 0; frame < used; ++frame) {
        spread(map.data() + frame * maps * places, maps, places, width,
               cells->data<float>().data() + (first + frame) * places * width);
      }
    }
  }
  return result;
}

}  // namespace vidclass::backbone
