// From a file, or its bytes, to the packets of its video stream.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "video/clip_source.hpp"
#include "video/decoders.hpp"
#include "video/ffmpeg.hpp"
#include "video/input.hpp"
#include "video/stall_guard.hpp"

namespace vidclass::video {

/// One open file. One thread at a time.
class Demuxer {
public:
  /// Opens a regular local file, or bytes in memory, of a kind that is_video_container()
  /// lists, and picks its best video stream of those that `decoders` can decode. `guard`, if any,
  /// must outlive it, and ends reads that take too long. Throws ClipError with the reason.
  explicit Demuxer(ClipSource source, const StallGuard* guard = nullptr,
                   DecoderList decoders = DecoderList());

  /// The next packet of the video stream, in the order of the file; false at the
  /// end, and where the file breaks off or cannot be read on.
  [[nodiscard]] bool read(AVPacket& packet);
  /// Goes to a packet from which decoding may start, at `decoding_time` or before; false
  /// where that fails.
  [[nodiscard]] bool seek(std::int64_t decoding_time);

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return source_.path; }
  [[nodiscard]] const AVFormatContext& format() const noexcept { return *format_; }
  [[nodiscard]] const AVStream& stream() const noexcept { return *format_->streams[stream_]; }
  [[nodiscard]] const DecoderList& decoders() const noexcept { return decoders_; }
  [[nodiscard]] const AVCodec& decoder() const noexcept { return *decoder_; }
  /// Frames per second as the container states them, else as guessed from the
  /// stream; 0/1 if unknown.
  [[nodiscard]] AVRational frame_rate() const noexcept;

private:
  void open_container();
  void choose_stream();
  /// Throws ClipError if there are none.
  [[nodiscard]] std::vector<int> decodable_streams() const;
  /// Counts their packets, and opens the container once more.
  [[nodiscard]] int most_watchable(const std::vector<int>& candidates);

  ClipSource source_;
  const StallGuard* guard_;
  DecoderList decoders_;
  Input input_;  // outlives the format context that reads from it
  Owned<AVFormatContext> format_;
  const AVCodec* decoder_ = nullptr;
  int stream_ = -1;
};

}  // namespace vidclass::video
