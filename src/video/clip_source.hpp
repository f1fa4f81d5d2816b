// Where a clip is.
#pragma once

#include "vidclass/clip.hpp"

namespace vidclass::video {

using vidclass::ClipSource;

}  // namespace vidclass::video
