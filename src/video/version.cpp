#include "video/version.hpp"

#include "video/ffmpeg.hpp"

namespace vidclass::video {

std::string ffmpeg_version() { return av_version_info(); }

}  // namespace vidclass::video
