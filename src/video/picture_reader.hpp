// From a JPEG or PNG file to its frame.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "video/ffmpeg.hpp"

namespace vidclass::video {

/// Keeps its decoders from one picture to the next. One thread at a time.
class PictureReader {
public:
  explicit PictureReader(std::int64_t max_pixels);

  /// The frame, valid until the next call; null if it cannot be decoded, for the reason that
  /// complaint() tells. What a file is, its first bytes say.
  [[nodiscard]] const AVFrame* read(const std::filesystem::path& picture);
  [[nodiscard]] const std::string& complaint() const noexcept { return complaint_; }

private:
  const AVFrame* fail(std::string why);
  AVCodecContext& decoder(AVCodecID codec);

  std::int64_t max_pixels_;
  Owned<AVCodecContext> decoder_;
  Owned<AVFrame> frame_ = make_frame();
  std::string complaint_;
};

}  // namespace vidclass::video
