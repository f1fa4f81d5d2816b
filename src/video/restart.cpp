#include "video/restart.hpp"

#include <cstddef>
#include <optional>

namespace vidclass::video {
namespace {

/// The NAL units of a packet, one after the other.
class NalUnits {
public:
  NalUnits(std::span<const std::uint8_t> data, int length_bytes)
      : data_(data), length_bytes_(static_cast<std::size_t>(length_bytes)) {}

  /// The first byte of the next unit: its header, or that header's first half.
  std::optional<std::uint8_t> next() {
    return length_bytes_ > 0 ? next_by_length() : next_by_start_code();
  }

private:
  std::optional<std::uint8_t> next_by_length() {
    if (data_.size() <= length_bytes_) return std::nullopt;
    std::size_t length = 0;
    for (std::size_t i = 0; i < length_bytes_; ++i) length = length << 8 | data_[i];
    const std::uint8_t header = data_[length_bytes_];
    const std::size_t rest = data_.size() - length_bytes_;
    data_ = data_.subspan(length_bytes_ + (length < rest ? length : rest));
    return length > 0 ? std::optional(header) : std::nullopt;
  }
  std::optional<std::uint8_t> next_by_start_code() {
    for (std::size_t i = 0; i + 3 < data_.size(); ++i) {
      if (data_[i] != 0 || data_[i + 1] != 0 || data_[i + 2] != 1) continue;
      const std::uint8_t header = data_[i + 3];
      data_ = data_.subspan(i + 3);
      return header;
    }
    return std::nullopt;
  }

  std::span<const std::uint8_t> data_;
  std::size_t length_bytes_;
};

/// Bytes before each NAL unit as the decoder configuration record says (ISO/IEC 14496-15,
/// 5.3.3.1 and 8.3.3.1); 0 where there is none.
int length_bytes_of(const AVCodecParameters& stream) {
  const std::size_t place = stream.codec_id == AV_CODEC_ID_H264 ? 4 : 21;
  if (stream.extradata_size <= static_cast<int>(place) || stream.extradata[0] != 1) return 0;
  return (stream.extradata[place] & 3) + 1;
}

}  // namespace

RestartFinder::RestartFinder(const AVCodecParameters& stream) : codec_(stream.codec_id) {
  const AVCodecDescriptor* codec = avcodec_descriptor_get(codec_);
  every_packet_ = codec && (codec->props & AV_CODEC_PROP_INTRA_ONLY) != 0;
  if (codec_ == AV_CODEC_ID_H264 || codec_ == AV_CODEC_ID_HEVC) {
    length_bytes_ = length_bytes_of(stream);
  }
}

bool RestartFinder::may_restart_at(const AVPacket& packet) {
  if (every_packet_) return true;
  switch (codec_) {
    case AV_CODEC_ID_H264:
    case AV_CODEC_ID_HEVC:
      return starts_with_random_access_picture(
          {packet.data, static_cast<std::size_t>(packet.size)});
    case AV_CODEC_ID_VP8:
    case AV_CODEC_ID_VP9:
    case AV_CODEC_ID_AV1:
      return (packet.flags & AV_PKT_FLAG_KEY) != 0;
    default:
      return false;
  }
}

bool RestartFinder::starts_with_random_access_picture(std::span<const std::uint8_t> data) {
  const bool hevc = codec_ == AV_CODEC_ID_HEVC;
  const bool sets_before = sets_seen_;
  int sets = 0;
  NalUnits units(data, length_bytes_);
  while (const auto header = units.next()) {
    const int type = hevc ? *header >> 1 & 0x3F : *header & 0x1F;
    const bool is_set = hevc ? type >= 32 && type <= 34 : type == 7 || type == 8;
    if (is_set) {
      ++sets;
      sets_seen_ = true;
      continue;
    }
    const bool is_picture = hevc ? type < 32 : type >= 1 && type <= 5;
    if (!is_picture) continue;
    const bool random_access = hevc ? type >= 16 && type <= 21 : type == 5;
    return random_access && (!sets_before || sets >= (hevc ? 3 : 2));
  }
  return false;
}

}  // namespace vidclass::video
