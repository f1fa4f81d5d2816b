#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <vector>

#include "support/shared_data.hpp"
#include "support/temp_dir.hpp"
#include "video/clip_maker.hpp"
#include "video/frame_reader.hpp"
#include "video/limits.hpp"
#include "video/packet_plan.hpp"

namespace vidclass::video {
namespace {

using Uses = std::vector<PacketUse>;
constexpr PacketUse decode = PacketUse::decode;
constexpr PacketUse as_reference = PacketUse::reference_only;
constexpr PacketUse drop = PacketUse::drop;
constexpr PacketUse restart = PacketUse::restart;

PacketScan scan_of(AVCodecID codec, const std::vector<std::int64_t>& times) {
  PacketScan scan;
  scan.codec = codec;
  for (const std::int64_t time : times) scan.packets.push_back({.time = time});
  return scan;
}

TEST(PacketPlan, DropsMpeg4PicturesBetweenTheLastWantedOneAndTheNextIntraPicture) {
  PacketScan scan = scan_of(AV_CODEC_ID_MPEG4, {0, 1, 2, 3, 4, 5, 6, 7});
  scan.packets[0].intra = scan.packets[3].intra = scan.packets[6].intra = true;
  const std::vector<std::int64_t> wanted{1, 7};
  EXPECT_EQ(plan_packets(scan, wanted),
            (Uses{decode, decode, drop, decode, drop, drop, decode, decode}));
}

TEST(PacketPlan, DropsIntraPicturesWhereTheNextOneBringsItsHeaders) {
  PacketScan scan = scan_of(AV_CODEC_ID_MPEG4, {0, 1, 2, 3, 4, 5, 6, 7});
  for (const std::size_t i : {0U, 2U, 4U, 6U}) scan.packets[i].intra = true;
  const std::vector<std::int64_t> wanted{1, 5};
  EXPECT_EQ(plan_packets(scan, wanted),
            (Uses{decode, decode, decode, drop, decode, decode, drop, drop}));
  scan.packets[4].restart = true;
  EXPECT_EQ(plan_packets(scan, wanted),
            (Uses{decode, decode, drop, drop, decode, decode, drop, drop}));
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
  EXPECT_EQ(plan_packets(scan, wanted), (Uses{as_reference, decode, as_reference, decode, drop}));
}

TEST(PacketPlan, RestartsAfterWhatItDropped) {
  PacketScan scan = scan_of(AV_CODEC_ID_VP9, {0, 1, 2, 3, 4, 5, 6, 7, 8});
  for (const std::size_t key : {0U, 3U, 6U}) scan.packets[key].restart = true;
  const std::vector<std::int64_t> wanted{1, 7};
  EXPECT_EQ(plan_packets(scan, wanted),
            (Uses{decode, decode, drop, drop, drop, drop, restart, decode, drop}));
}

TEST(PacketPlan, GoesOnWhereNothingIsDroppedBefore) {
  PacketScan scan = scan_of(AV_CODEC_ID_VP9, {0, 1, 2, 3});
  scan.packets[0].restart = scan.packets[2].restart = true;
  const std::vector<std::int64_t> wanted{1, 3};
  EXPECT_TRUE(plan_packets(scan, wanted).empty());
}

TEST(PacketPlan, StartsAtTheLastRestartBeforeTheFirstWantedFrame) {
  PacketScan scan = scan_of(AV_CODEC_ID_VP9, {0, 1, 2, 3});
  scan.packets[0].restart = scan.packets[2].restart = true;
  const std::vector<std::int64_t> wanted{3};
  EXPECT_EQ(plan_packets(scan, wanted), (Uses{drop, drop, restart, decode}));
}

TEST(PacketPlan, DecodesWhatIsBeforeTheRestartThatALeadingPictureFollows) {
  PacketScan scan = scan_of(AV_CODEC_ID_HEVC, {0, 1, 4, 2, 3, 5, 6});
  scan.packets[0].restart = scan.packets[2].restart = true;  // 2 and 3 lead 4
  EXPECT_EQ(plan_packets(scan, std::vector<std::int64_t>{3}),
            (Uses{decode, decode, decode, decode, decode, drop, drop}));
  EXPECT_EQ(plan_packets(scan, std::vector<std::int64_t>{5}),
            (Uses{drop, drop, restart, decode, decode, decode, drop}));
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
    PacketSource& source, StallGuard& guard, const Uses& uses,
    const std::vector<std::int64_t>& wanted) {
  std::map<std::int64_t, std::vector<std::uint8_t>> result;
  FrameReader reader(source, guard, Limits{}.max_pixels, uses);
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
  StallGuard guard(Limits{}.max_stall, {});
  PacketSource kept(path, Limits{}, guard);
  const auto wanted = plan_frames(kept.scan().timeline, {.frames = frames}).times;
  const Uses uses = plan_packets(kept.scan(), wanted);
  const auto all = pictures(kept, guard, {}, wanted);
  EXPECT_TRUE(pictures(kept, guard, uses, wanted) == all) << path;
  PacketSource sought(path, Limits{}, guard, {.most_kept = 0, .shortest_seek = 0});
  EXPECT_TRUE(pictures(sought, guard, uses, wanted) == all) << path << ", with seeks";
  EXPECT_TRUE(pictures(sought, guard, {}, wanted) == all) << path << ", read again";
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
        "robustness/av1_video.mkv", "robustness/h265_video.mp4", "robustness/h265_10bits.mp4",
        "robustness/h264_1080p_in_avi.avi", "robustness/armwrestling.mp4", "robustness/example.avi",
        "robustness/long.mp4", "robustness/pancake.mkv", "robustness/testsrc2.mp4",
        "robustness/unordered_timestamps.mov", "robustness/variable_rate_yuv444.mp4"}) {
    for (const int frames : {1, 3, 20}) expect_same_pictures(testing::shared_data() / clip, frames);
  }
}

}  // namespace
}  // namespace vidclass::video
