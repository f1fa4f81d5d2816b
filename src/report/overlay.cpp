#include "report/overlay.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "core/format.hpp"
#include "report/heat.hpp"

namespace vidclass::report {
namespace {

constexpr Colour panel{8, 10, 14, 0.72F};
constexpr Colour bar_track{255, 255, 255, 0.10F};
constexpr Colour best_bar{38, 132, 214, 0.85F};
constexpr Colour other_bar{120, 140, 165, 0.65F};
constexpr Colour overlay_letters{255, 255, 255, 1};
constexpr Colour mark{255, 255, 255, 0.55F};
constexpr Colour area{255, 178, 62, 0.80F};

/// Letters of a twenty-second of the shorter side, but never too small to be read.
int letter_height(int width, int height) { return std::max(10, std::min(width, height) / 22); }

/// The index of the time nearest to `time`.
std::size_t nearest(const std::vector<double>& times, double time) {
  const auto after = std::lower_bound(times.begin(), times.end(), time);
  if (after == times.begin()) return 0;
  if (after == times.end()) return times.size() - 1;
  const auto before = after - 1;
  return static_cast<std::size_t>((time - *before <= *after - time ? before : after) -
                                  times.begin());
}

}  // namespace

Overlay::Overlay(const Annotation& annotation, int width, int height, double start, double duration)
    : annotation_(annotation),
      width_(width),
      height_(height),
      start_(start),
      duration_(duration),
      font_(letter_height(width, height)) {
  const int letter = letter_height(width, height);
  margin_ = std::max(2, letter / 3);
  row_height_ = font_.ascent() + font_.descent() + std::max(1, letter / 8);
  timeline_height_ = annotation.curve.empty() ? std::max(5, letter / 2) : std::max(9, letter);
  // At most about half of the picture is covered, but one label always is shown.
  const int room = height / 2 - timeline_height_ - 3 * margin_;
  const auto count = std::min(annotation.predictions.size(),
                              static_cast<std::size_t>(std::max(1, room / row_height_)));
  const int inside = std::max(1, width - 2 * margin_);
  for (std::size_t i = 0; i < count; ++i) {
    const auto& [label, probability] = annotation.predictions[i];
    Row row;
    row.percentage = format("{:.0f} %", probability * 100);
    const int wide = font_.width(row.percentage);
    row.percentage_x = width - 2 * margin_ - wide;
    row.label = font_.shortened(label, std::max(0, inside - wide - 4 * margin_));
    row.bar = static_cast<int>(
        std::lround(std::clamp(probability, 0.F, 1.F) * static_cast<float>(inside)));
    rows_.push_back(std::move(row));
  }
  panel_y_ = height - timeline_height_ - 3 * margin_ - static_cast<int>(count) * row_height_;
}

void Overlay::draw(Canvas& canvas, double time) {
  draw_heat(canvas, time);
  canvas.fill(0, panel_y_, width_, height_ - panel_y_, panel);
  draw_rows(canvas);
  draw_timeline(canvas, time);
}

void Overlay::draw_heat(Canvas& canvas, double time) const {
  if (annotation_.heat.empty() || annotation_.times.empty()) return;
  const std::size_t grid = annotation_.heat.dim(1);
  const float* map =
      annotation_.heat.data<float>().data() + nearest(annotation_.times, time) * grid * grid;
  const video::Window& window = annotation_.window;
  const auto pixels = [](double share, int length) {
    return static_cast<int>(std::lround(share * length));
  };
  report::draw_heat(canvas, map, grid, pixels(window.left, width_), pixels(window.top, height_),
                    pixels(window.width, width_));
}

void Overlay::draw_rows(Canvas& canvas) {
  int y = panel_y_ + margin_;
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const Row& row = rows_[i];
    const int inside = row_height_ - std::max(1, row_height_ / 10);
    canvas.fill(margin_, y, width_ - 2 * margin_, inside, bar_track);
    canvas.fill(margin_, y, row.bar, inside, i == 0 ? best_bar : other_bar);
    const int baseline = y + (inside - font_.ascent() - font_.descent()) / 2 + font_.ascent();
    font_.draw(canvas, 2 * margin_, baseline, row.label, overlay_letters);
    font_.draw(canvas, row.percentage_x, baseline, row.percentage, overlay_letters);
    y += row_height_;
  }
}

int Overlay::x_of(double time) const {
  const double share = duration_ > 0 ? std::clamp((time - start_) / duration_, 0.0, 1.0) : 0;
  return margin_ + static_cast<int>(std::lround(share * (width_ - 2 * margin_ - 1)));
}

void Overlay::draw_timeline(Canvas& canvas, double time) const {
  const int y = height_ - margin_ - timeline_height_;
  canvas.fill(margin_, y, width_ - 2 * margin_, timeline_height_, bar_track);
  const auto& times = annotation_.times;
  const auto& curve = annotation_.curve;
  if (!curve.empty() && curve.size() == times.size()) {
    // Each value holds over the time nearest to its frame.
    for (int x = margin_; x < width_ - margin_; ++x) {
      const double at = start_ + duration_ * (x - margin_) / std::max(1, width_ - 2 * margin_ - 1);
      const float value = std::clamp(curve[nearest(times, at)], 0.F, 1.F);
      const int tall = static_cast<int>(std::lround(value * static_cast<float>(timeline_height_)));
      canvas.fill(x, y + timeline_height_ - tall, 1, tall, area);
    }
  }
  const int tick = std::max(1, width_ / 640);
  const int tick_height = curve.empty() ? timeline_height_ : std::max(2, timeline_height_ / 4);
  for (const double at : times) {
    canvas.fill(x_of(at), y + timeline_height_ - tick_height, tick, tick_height, mark);
  }
  const int head = std::max(2, width_ / 240);
  canvas.fill(x_of(time) - head / 2, y - margin_ / 2, head, timeline_height_ + margin_ / 2,
              overlay_letters);
}

}  // namespace vidclass::report
