// Colours down to the 256 of a GIF, chosen for each frame.
#pragma once

#include <memory>

#include "video/ffmpeg.hpp"

namespace vidclass::video {

/// FFmpeg's palettegen and paletteuse. One thread at a time.
class PaletteFilter {
public:
  /// Of RGB24 pictures; times count in `time_base`. Throws Error where this FFmpeg lacks a
  /// filter.
  PaletteFilter(int width, int height, AVRational time_base);
  ~PaletteFilter();
  PaletteFilter(const PaletteFilter&) = delete;
  PaletteFilter& operator=(const PaletteFilter&) = delete;

  /// Takes a picture; null: no more come.
  void push(const AVFrame* rgb);
  /// The next picture that is ready, with the time of its source; null if there is none.
  [[nodiscard]] const AVFrame* pull();

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace vidclass::video
