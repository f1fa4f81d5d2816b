// What is not worth decoding.
#pragma once

#include "vidclass/options.hpp"

namespace vidclass::video {

using vidclass::Limits;

}  // namespace vidclass::video
