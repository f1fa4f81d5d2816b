// Which decoders are opened at all.
#pragma once

#include <span>
#include <string>

#include "video/ffmpeg.hpp"

namespace vidclass::video {

/// The decoders that clips of strangers may reach. FFmpeg has some two hundred for video, and what
/// is wrong with them is found in the rare ones: these are those that cameras, editors, phones and
/// the web have in use, and that the endings of has_video_extension() stand for.
class DecoderList {
public:
  /// `more`: further ones, by FFmpeg's name of the decoder or the codec. Throws UsageError for a
  /// name that no decoder for video has.
  explicit DecoderList(std::span<const std::string> more = {});

  [[nodiscard]] bool holds(const AVCodec& decoder) const;
  /// As FFmpeg's option codec_whitelist takes it.
  [[nodiscard]] const std::string& names() const noexcept { return names_; }

private:
  std::string names_;
};

}  // namespace vidclass::video
