#include "report/contact_sheet.hpp"

#include <algorithm>
#include <cmath>

#include "core/format.hpp"
#include "report/canvas.hpp"
#include "report/font.hpp"
#include "report/heat.hpp"
#include "vidclass/error.hpp"

namespace vidclass::report {
namespace {

constexpr int columns = 5;
constexpr int gap = 8;
constexpr int least_side = 128;  // small frames are shown larger, in whole multiples
constexpr Colour ground{250, 250, 250, 1};
constexpr Colour sheet_letters{30, 34, 40, 1};
constexpr Colour sheet_track{222, 226, 231, 1};
constexpr Colour filled{217, 119, 6, 1};

void check(const Tensor& frames, std::span<const double> times, std::span<const float> importance,
           const Tensor& heat) {
  const bool agree = frames.dtype() == DType::u8 && frames.rank() == 4 && frames.dim(3) == 3 &&
                     !frames.empty() && frames.dim(1) == frames.dim(2) &&
                     times.size() == frames.dim(0) && importance.size() == frames.dim(0) &&
                     (heat.empty() || (heat.rank() == 3 && heat.dim(0) == frames.dim(0) &&
                                       heat.dim(1) == heat.dim(2) && heat.dtype() == DType::f32));
  if (!agree) {
    throw Error(format(
        "a contact sheet of frames {}, {} times, {} values and heat {} cannot be "
        "drawn",
        format_shape(frames.shape()), times.size(), importance.size(), format_shape(heat.shape())));
  }
}

}  // namespace

Tensor contact_sheet(const Tensor& frames, std::span<const double> times,
                     std::span<const float> importance, const Tensor& heat) {
  check(frames, times, importance, heat);
  const int count = static_cast<int>(frames.dim(0));
  const int source_side = static_cast<int>(frames.dim(1));
  const int zoom = std::max(1, (least_side + source_side - 1) / source_side);
  const int side = source_side * zoom;
  Font font(13);
  const int caption = font.ascent() + font.descent() + 6;
  const int across = std::min(columns, count);
  const int rows = (count + columns - 1) / columns;
  const int width = across * (side + gap) + gap;
  const int height = rows * (side + caption + gap) + gap;
  Tensor sheet(DType::u8, {static_cast<std::size_t>(height), static_cast<std::size_t>(width), 3});
  Canvas canvas(sheet.data<std::uint8_t>(), width, height);
  canvas.fill(0, 0, width, height, ground);
  for (int i = 0; i < count; ++i) {
    const int left = gap + (i % columns) * (side + gap);
    const int top = gap + (i / columns) * (side + caption + gap);
    const std::uint8_t* pixels =
        frames.data<std::uint8_t>().data() + std::ptrdiff_t{i} * source_side * source_side * 3;
    for (int y = 0; y < side; ++y) {
      for (int x = 0; x < side; ++x) {
        const std::uint8_t* pixel = pixels + ((y / zoom) * source_side + x / zoom) * 3;
        canvas.blend(left + x, top + y, {pixel[0], pixel[1], pixel[2], 1});
      }
    }
    if (!heat.empty()) {
      const std::size_t grid = heat.dim(1);
      draw_heat(canvas, heat.data<float>().data() + static_cast<std::size_t>(i) * grid * grid, grid,
                left, top, side);
    }
    const std::string time = format("{:.2f} s", times[static_cast<std::size_t>(i)]);
    const int baseline = top + side + font.ascent() + 2;
    font.draw(canvas, left, baseline, time, sheet_letters);
    const int bar_left = left + font.width("000.00 s") + gap;
    const int room = std::max(0, left + side - bar_left);
    canvas.fill(bar_left, baseline - 9, room, 9, sheet_track);
    const float share = std::clamp(importance[static_cast<std::size_t>(i)], 0.F, 1.F);
    canvas.fill(bar_left, baseline - 9,
                static_cast<int>(std::lround(share * static_cast<float>(room))), 9, filled);
  }
  return sheet;
}

}  // namespace vidclass::report
