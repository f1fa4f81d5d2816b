#include "video/containers.hpp"

#include <algorithm>
#include <array>

namespace vidclass::video {
namespace {

// Named by the first of FFmpeg's aliases.
constexpr auto containers = std::to_array<std::string_view>({
    "3dostr",     "4xm",  "amv",    "apng",         "asf",       "asf_o", "av1",      "avi",
    "avr",        "avs",  "bink",   "cavsvideo",    "dhav",      "dirac", "dv",       "dxa",
    "ea",         "flic", "flv",    "gdv",          "gif",       "gxf",   "h261",     "h263",
    "h264",       "hevc", "ivf",    "kux",          "live_flv",  "m4v",   "matroska", "mjpeg",
    "mjpeg_2000", "mov",  "mpeg",   "mpegts",       "mpegvideo", "mtv",   "mv",       "mxf",
    "nsv",        "nut",  "nuv",    "obu",          "ogg",       "r3d",   "rm",       "roq",
    "rpl",        "smk",  "smjpeg", "swf",          "thp",       "vc1",   "vivo",     "wc3movie",
    "wtv",        "xmv",  "yop",    "yuv4mpegpipe",
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

bool is_playlist(std::string_view name) noexcept { return lists(playlists, name); }

}  // namespace vidclass::video
