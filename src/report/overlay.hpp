// The panel over an annotated clip.
#pragma once

#include <string>
#include <vector>

#include "report/annotate.hpp"
#include "report/canvas.hpp"
#include "report/font.hpp"

namespace vidclass::report {

/// Laid out once for a clip, drawn on each of its frames. One thread at a time.
class Overlay {
public:
  /// Of a clip of width x height pixels that begins at `start` and lasts `duration` seconds.
  /// `annotation` must outlive the overlay.
  Overlay(const Annotation& annotation, int width, int height, double start, double duration);

  void draw(Canvas& canvas, double time);

private:
  struct Row {
    std::string label;
    std::string percentage;
    int percentage_x = 0;
    int bar = 0;  // pixels
  };

  void draw_heat(Canvas& canvas, double time) const;
  void draw_rows(Canvas& canvas);
  void draw_timeline(Canvas& canvas, double time) const;
  [[nodiscard]] int x_of(double time) const;

  const Annotation& annotation_;
  int width_;
  int height_;
  double start_;
  double duration_;
  Font font_;
  int margin_;
  int row_height_;
  int timeline_height_;
  int panel_y_;
  std::vector<Row> rows_;
};

}  // namespace vidclass::report
