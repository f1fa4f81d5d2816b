// A video file under way: muxed under a temporary name, whole under its own.
#pragma once

#include <filesystem>

#include "video/ffmpeg.hpp"

namespace vidclass::video {

/// One video stream. One thread at a time.
class OutputFile {
public:
  /// Chooses the container by the ending of the name. Throws Error if none is known by it or
  /// it holds no video.
  explicit OutputFile(std::filesystem::path target);
  /// Without finish(): nothing is left behind.
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  [[nodiscard]] const std::filesystem::path& target() const noexcept { return target_; }
  [[nodiscard]] const AVOutputFormat& container() const noexcept { return *format_->oformat; }
  [[nodiscard]] bool can_hold(AVCodecID codec) const noexcept;

  /// Makes the folder, opens the file and writes the header. `options` are the muxer's.
  void begin(const AVCodecContext& codec, AVDictionary** options = nullptr);
  /// `packet` has times in `time_base`.
  void write(AVPacket& packet, AVRational time_base);
  void finish();

  /// Throws Error naming the file and what was being done, if `code` tells of a failure.
  void require(int code, const char* doing) const;

private:
  /// Unlike a demuxer's context, a muxer's leaves its file to its owner.
  struct MuxerDeleter {
    void operator()(AVFormatContext* context) const noexcept { avformat_free_context(context); }
  };

  std::filesystem::path target_;
  std::filesystem::path temporary_;
  Owned<AVIOContext> file_;  // outlives the format context that writes to it
  std::unique_ptr<AVFormatContext, MuxerDeleter> format_;
  bool begun_ = false;
  bool finished_ = false;
};

}  // namespace vidclass::video
