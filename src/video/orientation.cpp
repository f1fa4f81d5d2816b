#include "video/orientation.hpp"

#include <cstddef>
#include <cstdlib>
#include <cstring>

namespace vidclass::video {

int Orientation::degrees() const noexcept {
  if (transpose) return flip_vertical && !flip_horizontal ? 270 : 90;
  return flip_vertical ? 180 : 0;
}

Orientation orientation_from(const std::int32_t* matrix) noexcept {
  if (!matrix) return {};
  // libavutil/display.h: x' = a x + c y, y' = b x + d y.
  const std::int64_t a = matrix[0];
  const std::int64_t b = matrix[1];
  const std::int64_t c = matrix[3];
  const std::int64_t d = matrix[4];
  if (std::llabs(a) + std::llabs(d) >= std::llabs(b) + std::llabs(c)) {
    return {.transpose = false, .flip_horizontal = a < 0, .flip_vertical = d < 0};
  }
  return {.transpose = true, .flip_horizontal = c < 0, .flip_vertical = b < 0};
}

Orientation orientation_of(const AVStream& stream) noexcept {
  const auto data = side_data_of(stream, AV_PKT_DATA_DISPLAYMATRIX);
  if (data.size() < 9 * sizeof(std::int32_t)) return {};
  return orientation_from(reinterpret_cast<const std::int32_t*>(data.data()));
}

Orientation orientation_of(const AVFrame& frame, Orientation of_stream) noexcept {
  const AVFrameSideData* data = av_frame_get_side_data(&frame, AV_FRAME_DATA_DISPLAYMATRIX);
  if (!data || data->size < 9 * sizeof(std::int32_t)) return of_stream;
  return orientation_from(reinterpret_cast<const std::int32_t*>(data->data));
}

void copy_oriented(const std::uint8_t* source, std::ptrdiff_t stride, int width, int height,
                   Orientation orientation, std::uint8_t* target, int channels) noexcept {
  const int rows = orientation.transpose ? width : height;
  const int columns = orientation.transpose ? height : width;
  for (int y = 0; y < rows; ++y) {
    const int from_y = orientation.flip_vertical ? rows - 1 - y : y;
    if (!orientation.transpose && !orientation.flip_horizontal) {
      std::memcpy(target, source + std::ptrdiff_t{from_y} * stride,
                  static_cast<std::size_t>(columns) * static_cast<std::size_t>(channels));
      target += columns * channels;
      continue;
    }
    for (int x = 0; x < columns; ++x, target += channels) {
      const int from_x = orientation.flip_horizontal ? columns - 1 - x : x;
      const std::uint8_t* pixel =
          orientation.transpose ? source + std::ptrdiff_t{from_x} * stride + from_y * channels
                                : source + std::ptrdiff_t{from_y} * stride + from_x * channels;
      std::memcpy(target, pixel, static_cast<std::size_t>(channels));
    }
  }
}

}  // namespace vidclass::video
