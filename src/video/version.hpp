// Which FFmpeg does the work.
#pragma once

#include <string>

namespace vidclass::video {

/// As the library at hand states it, "5.1.9-0+deb12u1".
[[nodiscard]] std::string ffmpeg_version();

}  // namespace vidclass::video
