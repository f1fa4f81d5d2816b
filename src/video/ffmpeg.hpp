// FFmpeg's C objects under C++ ownership. Included by this room's .cpp files and
// private headers only.
#pragma once

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/display.h>
#include <libavutil/imgutils.h>
#include <libavutil/pixdesc.h>
#include <libswscale/swscale.h>
}

#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace vidclass::video {

struct FfmpegDeleter {
  /// Of an input.
  void operator()(AVFormatContext* context) const noexcept { avformat_close_input(&context); }
  void operator()(AVIOContext* context) const noexcept { avio_closep(&context); }
  void operator()(AVCodecContext* context) const noexcept { avcodec_free_context(&context); }
  void operator()(AVPacket* packet) const noexcept { av_packet_free(&packet); }
  void operator()(AVFrame* frame) const noexcept { av_frame_free(&frame); }
  void operator()(SwsContext* context) const noexcept { sws_freeContext(context); }
};

template <typename T>
using Owned = std::unique_ptr<T, FfmpegDeleter>;

/// An empty frame or packet; throws std::bad_alloc.
[[nodiscard]] Owned<AVFrame> make_frame();
[[nodiscard]] Owned<AVPacket> make_packet();
/// A frame with memory for a picture whose rows are padded, as swscale wants it:
/// its vector code may write some bytes past the end of a row.
[[nodiscard]] Owned<AVFrame> make_picture(int width, int height, AVPixelFormat format);
/// Rows of RGB without gaps between them into a picture of AV_PIX_FMT_RGB24.
void copy_rgb(const std::uint8_t* rgb, AVFrame& picture) noexcept;

/// The width of a frame's pixels as a share of their height; 1 where it is not known or can only be
/// damage.
[[nodiscard]] double pixel_aspect(const AVFrame& frame) noexcept;

/// What a stream says beside its packets, of one type; empty where it says nothing. The bytes are
/// the stream's.
[[nodiscard]] std::span<const std::uint8_t> side_data_of(const AVStream& stream,
                                                         AVPacketSideDataType type) noexcept;

/// AVCodecContext::max_pixels for pictures of `pixels`: decoders count the padding of their
/// rows too, so that what comes out has to be looked at once more.
[[nodiscard]] constexpr std::int64_t with_padding(std::int64_t pixels) {
  return 2 * pixels + (std::int64_t{1} << 20);
}

/// FFmpeg's own words for an error code.
[[nodiscard]] std::string ffmpeg_text(int code);

/// FFmpeg prints to stderr by itself; the library must not. Called before FFmpeg
/// is first used; any thread.
void silence_ffmpeg();

}  // namespace vidclass::video
