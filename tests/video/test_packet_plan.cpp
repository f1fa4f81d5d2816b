#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <vector>

#include "support/shared_data.hpp"
#include "support/temp_dir.hpp"
#include "video/clip_maker.hpp"
#include "video/frame_reader.hpp"
#include "video/packet_plan.hpp"

namespace vidclass::video {
namespace {

using Uses = std::vector<PacketUse>;
constexpr PacketUse decode = PacketUse::decode;
constexpr PacketUse reference = PacketUse::reference_only;
constexpr PacketUse drop = PacketUse::drop;

PacketScan scan_of(AVCodecID codec, const std::vector<std::int64_t>& times) {
  PacketScan scan;
  scan.codec = codec;
  for (const std::int64_t time : times) scan.packets.push_back({time, true, false});
  return scan;
}

TEST(PacketPlan, DropsMpeg4PicturesBetweenTheLastWantedOneAndTheNextIntraPicture) {
  PacketScan scan = scan_of(AV_CODEC_ID_MPEG4, {0, 1, 2, 3, 4, 5, 6, 7});
  scan.packets[0].intra = scan.packets[3].intra = scan.packets[6].intra = true;
  const std::vector<std::int64_t> wanted{1, 7};
  EXPECT_EQ(plan_packets(scan, wanted),
            (Uses{decode, decode, drop, decode, drop, drop, decode, decode}));
}

TEST(PacketPlan, DropsNoMpeg4PictureWhereTheyAreReordered) {
  PacketScan scan = scan_of(AV_CODEC_ID_MPEG4, {0, 2, 1, 3});
  scan.packets[0].intra = scan.packets[3].intra = true;
  const std::vector<std::int64_t> wanted{0};
  EXPECT_TRUE(plan_packets(scan, wanted).empty());
}

TEST(PacketPlan, NeedsUnwantedH264PicturesOnlyAsReferences) {
  const PacketScan scan = scan_of(AV_CODEC_ID_H264, {0, 4, 2, 1, 3});
  const std::vector<std::int64_t> wanted{1, 4};
  EXPECT_EQ(plan_packets(scan, wanted), (Uses{reference, decode, reference, decode, reference}));
}

TEST(PacketPlan, DecodesAllWhereFramesAreCounted) {
  PacketScan scan = scan_of(AV_CODEC_ID_H264, {0, 1, 2});
  scan.by_timestamp = false;
  const std::vector<std::int64_t> wanted{1};
  EXPECT_TRUE(plan_packets(scan, wanted).empty());
}

TEST(PacketPlan, DecodesAllOfOtherCodecs) {
  const std::vector<std::int64_t> wanted{1};
  EXPECT_TRUE(plan_packets(scan_of(AV_CODEC_ID_VP9, {0, 1, 2}), wanted).empty());
}

/// The pictures at `wanted`, as bytes, by their times.
std::map<std::int64_t, std::vector<std::uint8_t>> pictures(
    const std::filesystem::path& path, const Uses& uses, const std::vector<std::int64_t>& wanted) {
  std::map<std::int64_t, std::vector<std::uint8_t>> result;
  FrameReader reader(path, uses);
  while (const AVFrame* frame = reader.next()) {
    if (!std::binary_search(wanted.begin(), wanted.end(), frame->pts)) continue;
    const auto format = static_cast<AVPixelFormat>(frame->format);
    const int bytes = av_image_get_buffer_size(format, frame->width, frame->height, 1);
    std::vector<std::uint8_t> picture(static_cast<std::size_t>(bytes));
    av_image_copy_to_buffer(picture.data(), bytes, frame->data, frame->linesize, format,
                            frame->width, frame->height, 1);
    result[frame->pts] = std::move(picture);
  }
  return result;
}

void expect_same_pictures(const std::filesystem::path& path, int frames) {
  Demuxer demuxer(path);
  const PacketScan scan = scan_packets(demuxer, {});
  const auto wanted = plan_frames(scan.timeline, {.frames = frames}).times;
  const Uses uses = plan_packets(scan, wanted);
  if (uses.empty()) return;
  EXPECT_TRUE(pictures(path, uses, wanted) == pictures(path, {}, wanted)) << path;
}

TEST(PacketPlan, GivesTheSamePicturesOfAWrittenClipAsDecodingAll) {
  const testing::TempDir dir;
  testing::make_clip(dir / "clip.avi", {.frames = 100});
  for (const int frames : {1, 3, 10, 20}) expect_same_pictures(dir / "clip.avi", frames);
}

TEST(PacketPlan, GivesTheSamePicturesOfRealClipsAsDecodingAll) {
  VIDCLASS_NEED_SHARED_DATA();
  // corrupted_h264.mp4 is left out: a decoder that hides errors may copy any picture before.
  for (const char* clip :
       {"ucf101/Punch/v_Punch_g01_c01.avi", "ucf101/Punch/v_Punch_g05_c07.avi",
        "ucf101/YoYo/v_YoYo_g10_c03.avi", "tennis7/b_slice/b_slice1.mp4",
        "tennis7/serve/serve41.mp4", "physio3/lumbar_side_bends/VID_20240128_150039.mp4",
        "robustness/long.mp4", "robustness/pancake.mkv", "robustness/testsrc2.mp4",
        "robustness/unordered_timestamps.mov", "robustness/variable_rate_yuv444.mp4"}) {
    for (const int frames : {3, 20}) expect_same_pictures(testing::shared_data() / clip, frames);
  }
}

}  // namespace
}  // namespace vidclass::video
