#include "video/probe.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>
#include <utility>
#include <vector>

#include "vidclass/error.hpp"
#include "video/demuxer.hpp"
#include "video/frame_folder.hpp"
#include "video/given_frames.hpp"
#include "video/orientation.hpp"
#include "video/packet_scan.hpp"
#include "video/picture_reader.hpp"

namespace vidclass::video {
namespace {

constexpr auto extensions = std::to_array<std::string_view>({
    ".3g2", ".3gp", ".asf", ".avi",  ".divx", ".dv",   ".f4v",  ".flv", ".gif", ".m2ts", ".m2v",
    ".m4v", ".mkv", ".mov", ".mp4",  ".mpe",  ".mpeg", ".mpg",  ".mts", ".mxf", ".nut",  ".ogm",
    ".ogv", ".qt",  ".rm",  ".rmvb", ".ts",   ".vob",  ".webm", ".wmv", ".wtv",
});

double duration_of(const AVFormatContext& format, const AVStream& stream) {
  if (stream.duration > 0) return static_cast<double>(stream.duration) * av_q2d(stream.time_base);
  return format.duration > 0 ? static_cast<double>(format.duration) / AV_TIME_BASE : 0.0;
}

ClipInfo probe_frame_folder(const std::filesystem::path& path) {
  const std::vector<std::filesystem::path> pictures = numbered_pictures(path);
  if (pictures.empty()) {
    throw ClipError(path, "a folder without numbered pictures, not a video file");
  }
  PictureReader reader(Limits{}.max_pixels);
  ClipInfo info;
  info.container = "pictures";
  info.frame_rate = frame_folder_rate;
  info.frames = static_cast<long long>(pictures.size());
  info.duration = static_cast<double>(info.frames) / info.frame_rate;
  for (const std::filesystem::path& picture : pictures) {
    const AVFrame* frame = reader.read(picture);
    if (!frame) continue;
    info.width = frame->width;
    info.height = frame->height;
    info.codec = picture.extension() == ".png" ? "png" : "mjpeg";
    return info;
  }
  throw ClipError(path, "no picture could be decoded (" + pictures.back().filename().string() +
                            ": " + reader.complaint() + ")");
}

ClipInfo probe_given_frames(const ClipSource& source) {
  const GivenFrames given(source, Limits{});
  ClipInfo info;
  info.container = "frames";
  info.codec = "frames";
  info.width = given.width();
  info.height = given.height();
  info.frames = static_cast<long long>(given.size());
  info.duration = duration_of(given.timeline());
  info.frame_rate = static_cast<double>(info.frames) / info.duration;
  return info;
}

}  // namespace

ClipInfo probe(const ClipSource& source, const Limits& limits) {
  if (source.frames()) return probe_given_frames(source);
  if (is_folder(source)) return probe_frame_folder(source.path);
  const Demuxer demuxer(source, nullptr, DecoderList(limits.allow_codecs));
  const AVStream& stream = demuxer.stream();
  const AVCodecParameters& parameters = *stream.codecpar;
  const Orientation orientation = orientation_of(stream);

  ClipInfo info;
  const std::string_view container = demuxer.format().iformat->name;
  info.container = container.substr(0, container.find(','));
  info.codec = avcodec_get_name(parameters.codec_id);
  info.width = parameters.width;
  info.height = parameters.height;
  if (orientation.transpose) std::swap(info.width, info.height);
  info.rotation = orientation.degrees();
  info.frame_rate = av_q2d(demuxer.frame_rate());
  info.duration = duration_of(demuxer.format(), stream);
  info.frames = std::max<long long>(stream.nb_frames, 0);
  return info;
}

bool has_video_extension(const std::filesystem::path& path) {
  std::string ending = path.extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return std::find(extensions.begin(), extensions.end(), ending) != extensions.end();
}

}  // namespace vidclass::video
