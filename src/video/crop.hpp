// The square in the middle of a frame.
#pragma once

#include "video/ffmpeg.hpp"

namespace vidclass::video {

/// The centre square, its corner moved to where a chroma sample starts, as a second
/// reference to the same memory.
void crop_to_square(const AVFrame& frame, AVFrame& cropped);

}  // namespace vidclass::video
