// Which codecs and containers are opened, and which stream of a file.
#include <gtest/gtest.h>

#include <vector>

#include "support/temp_dir.hpp"
#include "vidclass/error.hpp"
#include "video/clip_maker.hpp"
#include "video/clip_reader.hpp"
#include "video/containers.hpp"
#include "video/decoders.hpp"
#include "video/probe.hpp"
#include "video/recording_maker.hpp"
#include "video/sample.hpp"
#include "video/stream_choice.hpp"
#include "video/thumbnails.hpp"

namespace vidclass::video {
namespace {

using testing::Recording;

const ClipSettings few{.frames = 4, .size = 16};

template <typename Call>
std::string reason_against(const Call& call) {
  try {
    (void)call();
  } catch (const ClipError& error) {
    return error.reason();
  }
  return "none";
}

TEST(DecoderAllowList, LeavesRareCodecsOutWhereverAClipIsOpened) {
  const testing::TempDir dir;
  const std::filesystem::path clip = dir / "clip.avi";
  testing::make_recording(clip, {.encoder = "magicyuv"});
  const std::string reason =
      "magicyuv video, which is decoded only where it is allowed by name (allow-codec)";
  EXPECT_EQ(reason_against([&] { return sample_clip(clip, few); }), reason);
  EXPECT_EQ(reason_against([&] { return probe(clip); }), reason);
  EXPECT_EQ(reason_against([&] { return thumbnails_of(clip); }), reason);
  EXPECT_EQ(reason_against([&] { return ClipReader(clip).frames(); }), reason);
}

TEST(DecoderAllowList, TakesACodecThatIsAllowedByName) {
  const testing::TempDir dir;
  const std::filesystem::path clip = dir / "clip.mkv";
  const Limits limits{.allow_codecs = {"utvideo", "magicyuv"}};
  for (const char* encoder : {"magicyuv", "utvideo"}) {
    testing::make_recording(clip, {.encoder = encoder});
    EXPECT_EQ(sample_clip(clip, few, {}, limits).frames.dim(0), 4U) << encoder;
    EXPECT_EQ(probe(clip, limits).codec, encoder);
    EXPECT_EQ(thumbnails_of(clip, {}, {}, limits).frames, 20U) << encoder;
    EXPECT_EQ(ClipReader(clip, {}, limits).frames(), 20U) << encoder;
  }
}

TEST(DecoderAllowList, TakesNoOtherCodecBesidesTheOneThatIsAllowed) {
  const testing::TempDir dir;
  testing::make_recording(dir / "clip.mkv", {.encoder = "utvideo"});
  EXPECT_NE(reason_against([&] {
              return sample_clip(dir / "clip.mkv", few, {}, {.allow_codecs = {"magicyuv"}});
            }),
            "none");
}

TEST(DecoderAllowList, TakesTheNameOfACodecAndOfItsDecoder) {
  const auto names_of = [](const std::string& name) {
    return DecoderList(std::vector<std::string>{name}).names();
  };
  EXPECT_TRUE(names_of("tscc").ends_with(",camtasia"));
  EXPECT_TRUE(names_of("camtasia").ends_with(",camtasia"));
}

TEST(DecoderAllowList, RefusesNamesOfNoVideoDecoder) {
  for (const char* name : {"nonsense", "mp3", "", "h264,magicyuv"}) {
    EXPECT_THROW(DecoderList(std::vector<std::string>{name}), UsageError) << name;
  }
}

class UsualCodecs : public ::testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(UsualCodecs, AreDecoded) {
  const testing::TempDir dir;
  const auto [encoder, name] = GetParam();
  testing::make_recording(dir / name, {.encoder = encoder, .width = 176, .height = 144});
  EXPECT_EQ(sample_clip(dir / name, few).frames.dim(0), 4U);
}

INSTANTIATE_TEST_SUITE_P(
    All, UsualCodecs,
    ::testing::Values(std::pair{"libx264", "h264.mp4"}, std::pair{"mpeg4", "mpeg4.avi"},
                      std::pair{"msmpeg4", "msmpeg4v3.avi"},
                      std::pair{"msmpeg4v2", "msmpeg4v2.avi"}, std::pair{"mpeg1video", "mpeg1.mpg"},
                      std::pair{"mpeg2video", "mpeg2.ts"}, std::pair{"mjpeg", "mjpeg.avi"},
                      std::pair{"png", "png.mov"}, std::pair{"wmv1", "wmv1.wmv"},
                      std::pair{"wmv2", "wmv2.asf"}, std::pair{"h263", "h263.3gp"},
                      std::pair{"flv", "flv.flv"}, std::pair{"ffv1", "ffv1.mkv"},
                      std::pair{"huffyuv", "huffyuv.avi"}, std::pair{"ffvhuff", "ffvhuff.mkv"},
                      std::pair{"rawvideo", "raw.avi"}, std::pair{"qtrle", "qtrle.mov"},
                      std::pair{"prores", "prores.mov"}),
    [](const auto& test) {
      const std::string name = test.param.second;
      return name.substr(0, name.find('.'));
    });

TEST(ContainerAllowList, LeavesOutThoseOfGames) {
  for (const char* name : {"bink", "smk", "roq", "thp", "4xm", "wav", "concat"}) {
    EXPECT_FALSE(is_video_container(name)) << name;
  }
  for (const char* name : {"mov,mp4,m4a,3gp,3g2,mj2", "matroska,webm", "avi", "mpegts", "rm"}) {
    EXPECT_TRUE(is_video_container(name)) << name;
  }
}

TEST(StreamChoice, TakesTheFilmBesideALargerThumbnail) {
  const std::vector<StreamExtent> streams{{.frames = 1, .pixels = 1 << 20, .is_default = true},
                                          {.frames = 250, .seconds = 10, .pixels = 1 << 16}};
  EXPECT_EQ(choose_stream(streams), 1U);
}

TEST(StreamChoice, TakesTheLongStreamBesideAShortLargerOne) {
  const std::vector<StreamExtent> streams{{.frames = 100, .seconds = 2, .pixels = 1 << 20},
                                          {.frames = 250, .seconds = 10, .pixels = 1 << 16}};
  EXPECT_EQ(choose_stream(streams), 1U);
}

TEST(StreamChoice, TakesTheDefaultOneOfEqualStreams) {
  const std::vector<StreamExtent> streams{{.frames = 250, .seconds = 10, .pixels = 4},
                                          {.frames = 250, .seconds = 10, .is_default = true}};
  EXPECT_EQ(choose_stream(streams), 1U);
}

TEST(StreamChoice, TakesTheLargerOneOfStreamsThatAreAlike) {
  const std::vector<StreamExtent> streams{{.frames = 300, .seconds = 10, .pixels = 100},
                                          {.frames = 250, .seconds = 10, .pixels = 400},
                                          {.frames = 250, .seconds = 10, .pixels = 400}};
  EXPECT_EQ(choose_stream(streams), 1U);
}

TEST(StreamChoice, GivesTheFilmOfAFileWithThumbnailsAndPreviews) {
  const testing::TempDir dir;
  const std::vector<Recording> streams{
      {.encoder = "mjpeg", .frames = 1, .first = 44, .width = 320, .height = 240},
      {.encoder = "mpeg4", .frames = 4, .first = 40, .width = 160, .height = 120, .rate = 2},
      {.encoder = "mpeg4", .frames = 40}};
  for (const char* name : {"clip.mkv", "clip.mov"}) {
    testing::make_streams(dir / name, streams);
    const SampledClip clip = sample_clip(dir / name, few);
    ASSERT_EQ(clip.frames.dim(0), 4U) << name;
    EXPECT_EQ(testing::number_of(clip.frames, 0), 5) << name;
    EXPECT_EQ(probe(dir / name).width, 64) << name;
  }
}

TEST(StreamChoice, GivesTheLargerProgrammeOfATransportStream) {
  const testing::TempDir dir;
  testing::make_streams(
      dir / "clip.ts",
      std::vector<Recording>{{.encoder = "mpeg2video", .frames = 40, .first = 3},
                             {.encoder = "mpeg2video", .frames = 40, .width = 128, .height = 96}});
  EXPECT_EQ(probe(dir / "clip.ts").width, 128);
  EXPECT_EQ(testing::number_of(sample_clip(dir / "clip.ts", few).frames, 0), 5);
}

TEST(StreamChoice, PassesOverAStreamWhoseCodecIsNotAllowed) {
  const testing::TempDir dir;
  testing::make_streams(
      dir / "clip.mkv",
      std::vector<Recording>{{.encoder = "utvideo", .frames = 40, .width = 128, .height = 96},
                             {.encoder = "mpeg4"}});
  EXPECT_EQ(probe(dir / "clip.mkv").codec, "mpeg4");
}

}  // namespace
}  // namespace vidclass::video
