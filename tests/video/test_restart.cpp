#include <gtest/gtest.h>

#include <cstring>
#include <memory>
#include <vector>

#include "video/restart.hpp"

namespace vidclass::video {
namespace {

using Bytes = std::vector<std::uint8_t>;

struct FreeParameters {
  void operator()(AVCodecParameters* parameters) const { avcodec_parameters_free(&parameters); }
};

/// Feeds packets to a finder, one after the other.
class Finder {
public:
  explicit Finder(AVCodecID codec, const Bytes& configuration = {}) {
    const std::unique_ptr<AVCodecParameters, FreeParameters> stream(avcodec_parameters_alloc());
    stream->codec_id = codec;
    if (!configuration.empty()) {
      stream->extradata = static_cast<std::uint8_t*>(
          av_mallocz(configuration.size() + AV_INPUT_BUFFER_PADDING_SIZE));
      stream->extradata_size = static_cast<int>(configuration.size());
      std::memcpy(stream->extradata, configuration.data(), configuration.size());
    }
    finder_.emplace(*stream);
  }
  bool at(Bytes data, int flags = 0) {
    const Owned<AVPacket> packet = make_packet();
    packet->data = data.data();
    packet->size = static_cast<int>(data.size());
    packet->flags = flags;
    return finder_->may_restart_at(*packet);
  }

private:
  std::optional<RestartFinder> finder_;
};

const Bytes h264_record{1, 0x64, 0, 0x1F, 0xFF, 0xE0, 0};  // four bytes before each unit
const Bytes idr{0, 0, 0, 2, 0x65, 0x88};
const Bytes no_idr{0, 0, 0, 2, 0x41, 0x9A};
const Bytes sets_and_idr{0, 0, 0, 2, 0x67, 0x64, 0, 0, 0, 2, 0x68, 0xEB, 0, 0, 0, 2, 0x65, 0x88};

TEST(RestartFinder, TakesIdrPicturesOfH264) {
  Finder finder(AV_CODEC_ID_H264, h264_record);
  EXPECT_TRUE(finder.at(idr, AV_PKT_FLAG_KEY));
  EXPECT_FALSE(finder.at(no_idr, AV_PKT_FLAG_KEY));
}

TEST(RestartFinder, ReadsStartCodesWhereThereIsNoConfigurationRecord) {
  Finder finder(AV_CODEC_ID_H264);
  EXPECT_TRUE(finder.at({0, 0, 0, 1, 0x09, 0xF0, 0, 0, 1, 0x65, 0x88}));
  EXPECT_FALSE(finder.at({0, 0, 0, 1, 0x09, 0xF0, 0, 0, 1, 0x41, 0x9A}));
}

TEST(RestartFinder, WantsParameterSetsWithThePictureWhereEarlierPacketsBroughtSome) {
  Finder finder(AV_CODEC_ID_H264, h264_record);
  EXPECT_TRUE(finder.at(sets_and_idr));
  EXPECT_TRUE(finder.at(sets_and_idr));
  EXPECT_FALSE(finder.at(idr));
}

TEST(RestartFinder, TakesRandomAccessPicturesOfHevc) {
  Finder finder(AV_CODEC_ID_HEVC);
  const auto unit = [](int type) {
    return Bytes{0, 0, 1, static_cast<std::uint8_t>(type << 1), 1, 0x80};
  };
  for (const int type : {16, 19, 20, 21}) EXPECT_TRUE(finder.at(unit(type))) << type;
  for (const int type : {0, 1, 9}) EXPECT_FALSE(finder.at(unit(type))) << type;
}

TEST(RestartFinder, TakesKeyFramesOfVp9AndAv1) {
  for (const AVCodecID codec : {AV_CODEC_ID_VP8, AV_CODEC_ID_VP9, AV_CODEC_ID_AV1}) {
    Finder finder(codec);
    EXPECT_TRUE(finder.at({1, 2, 3}, AV_PKT_FLAG_KEY));
    EXPECT_FALSE(finder.at({1, 2, 3}));
  }
}

TEST(RestartFinder, TakesEveryPictureOfIntraOnlyCodecs) {
  EXPECT_TRUE(Finder(AV_CODEC_ID_MJPEG).at({1, 2, 3}));
}

TEST(RestartFinder, TakesNothingOfCodecsItDoesNotKnow) {
  EXPECT_FALSE(Finder(AV_CODEC_ID_MPEG2VIDEO).at({1, 2, 3}, AV_PKT_FLAG_KEY));
}

TEST(RestartFinder, SurvivesJunk) {
  Finder finder(AV_CODEC_ID_H264, h264_record);
  EXPECT_FALSE(finder.at({}));
  EXPECT_FALSE(finder.at({0, 0}));
  EXPECT_FALSE(finder.at({0xFF, 0xFF, 0xFF, 0xFF, 0x06, 1}));
  EXPECT_FALSE(finder.at({0, 0, 0, 0, 0x65}));
}

}  // namespace
}  // namespace vidclass::video
