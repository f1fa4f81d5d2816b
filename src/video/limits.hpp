// What is not worth decoding.
#pragma once

#include <cstdint>
#include <filesystem>

#include "vidclass/options.hpp"

namespace vidclass::video {

using vidclass::Limits;

/// Throw ClipError naming the limit if `clip` is beyond it.
void require_pixels(const std::filesystem::path& clip, std::int64_t width, std::int64_t height,
                    std::int64_t limit);
void require_duration(const std::filesystem::path& clip, double seconds, double limit);

}  // namespace vidclass::video
