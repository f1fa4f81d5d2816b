#include "video/containers.hpp"

#include <algorithm>
#include <array>

namespace vidclass::video {
namespace {

// Named by the first of FFmpeg's aliases. Those of games and of codecs that DecoderList leaves out
// are not among them.
constexpr auto containers = std::to_array<std::string_view>({
    "apng",     "asf",   "asf_o",  "av1",  "avi",    "dhav",         "dv",  "flv",      "gif",
    "gxf",      "h261",  "h263",   "h264", "hevc",   "ivf",          "kux", "live_flv", "m4v",
    "matroska", "mjpeg", "mov",    "mpeg", "mpegts", "mpegvideo",    "mxf", "nut",      "obu",
    "ogg",      "rm",    "smjpeg", "vc1",  "wtv",    "yuv4mpegpipe",
});

constexpr auto playlists = std::to_array<std::string_view>({
    "concat",
    "dash",
    "hls",
    "image2",
    "imf",
    "rtsp",
    "sap",
    "sdp",
    "vobsub",
    "webm_dash_manifest",
});

bool lists(const auto& names, std::string_view aliases) noexcept {
  return std::find(names.begin(), names.end(), aliases.substr(0, aliases.find(','))) != names.end();
}

}  // namespace

bool is_video_container(std::string_view name) noexcept { return lists(containers, name); }

std::string container_list() {
  std::string names;
  for (const std::string_view name : containers) {
    names += names.empty() ? "" : ",";
    names += name;
  }
  return names;
}

bool is_playlist(std::string_view name) noexcept { return lists(playlists, name); }

}  // namespace vidclass::video
