// Letters, by FreeType, from a font inside the library (DejaVu Sans).
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "report/canvas.hpp"

namespace vidclass::report {

/// One size. One thread at a time. Letters that the font lacks show as its box; text runs
/// from left to right.
class Font {
public:
  /// `pixels`: height of the em square.
  explicit Font(int pixels);
  ~Font();
  Font(const Font&) = delete;
  Font& operator=(const Font&) = delete;

  [[nodiscard]] int ascent() const noexcept;   // pixels above the baseline
  [[nodiscard]] int descent() const noexcept;  // pixels below
  /// Of UTF-8 text, in pixels; bytes that are none count as U+FFFD.
  [[nodiscard]] int width(std::string_view text);
  /// The text, or as much of it as fits with an ellipsis.
  [[nodiscard]] std::string shortened(std::string_view text, int most);
  /// From `x` on, on the baseline `y`.
  void draw(Canvas& canvas, int x, int y, std::string_view text, Colour colour);

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace vidclass::report
