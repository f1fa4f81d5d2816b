#include <gtest/gtest.h>

#include "browser.hpp"
#include "core/atomic_file.hpp"
#include "report/annotate.hpp"
#include "report/contact_sheet.hpp"
#include "report/font.hpp"
#include "support/memory.hpp"
#include "support/temp_dir.hpp"
#include "vidclass/error.hpp"
#include "video/clip_reader.hpp"
#include "video/clip_writer.hpp"
#include "video/video_writer.hpp"

namespace vidclass::report::testing {
namespace {

using vidclass::testing::TempDir;

/// A grey clip of 30 frames at 25 frames/s.
std::filesystem::path grey_clip(const TempDir& dir, int width = 160, int height = 120) {
  const std::filesystem::path file = dir / "clip.avi";
  video::ClipWriter writer(file, width, height, 25);
  const auto bytes = static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3;
  for (int i = 0; i < 30; ++i) {
    writer.write(std::vector<std::uint8_t>(bytes, static_cast<std::uint8_t>(80 + i)));
  }
  writer.finish();
  return file;
}

Annotation annotation() {
  return {.predictions = {{"Rise", 0.75F}, {"Fall \xE2\x80\x94 ein sehr langer Name", 0.2F}},
          .times = {0.1, 0.5, 1.0},
          .curve = {0.2F, 0.6F, 0.9F},
          .heat = {},
          .window = {}};
}

class AnnotatedClip : public ::testing::TestWithParam<std::pair<int, int>> {};

TEST_P(AnnotatedClip, HasTheSizeFramesAndDurationOfItsSource) {
  const TempDir dir;
  const auto [width, height] = GetParam();
  const auto source = grey_clip(dir, width, height);
  const AnnotatedVideo written = annotate(source, dir / "out.mp4", annotation());
  EXPECT_EQ(written.frames, 30U);
  EXPECT_NEAR(written.duration, 1.2, 1e-6);
  video::ClipReader reader(dir / "out.mp4");
  EXPECT_EQ(reader.width(), width);
  EXPECT_EQ(reader.height(), height);
  EXPECT_EQ(reader.frames(), 30U);
  EXPECT_NEAR(reader.duration(), 1.2, 0.001);
}

INSTANTIATE_TEST_SUITE_P(Sizes, AnnotatedClip,
                         ::testing::Values(std::pair(32, 32), std::pair(160, 120),
                                           std::pair(426, 210), std::pair(1280, 720)));

TEST(Annotate, DrawsOntoBytesAsOntoTheFile) {
  const TempDir dir;
  const auto source = grey_clip(dir);
  annotate(source, dir / "file.mkv", annotation());
  annotate(vidclass::testing::in_memory(source), dir / "memory.mkv", annotation());
  EXPECT_EQ(read_text_file(dir / "memory.mkv"), read_text_file(dir / "file.mkv"));
}

TEST(Annotate, DrawsOntoTheLowerPartOnly) {
  const TempDir dir;
  const auto source = grey_clip(dir);
  annotate(source, dir / "out.mkv", annotation());
  video::ClipReader reader(dir / "out.mkv");
  video::ShownFrame frame;
  ASSERT_TRUE(reader.next(frame));
  EXPECT_NEAR(frame.rgb[0], 80, 6);         // the first pixel
  const std::size_t below = 115 * 160 * 3;  // the margin of the panel
  EXPECT_LT(frame.rgb[below], 70);
}

TEST(Annotate, OfAnUnreadableClipLeavesNoFile) {
  const TempDir dir;
  write_file_atomically(dir / "clip.avi", std::string_view("no video"));
  const std::filesystem::path clip = dir / "clip.avi";
  EXPECT_THROW(annotate(clip, dir / "out.mp4", annotation()), ClipError);
  EXPECT_FALSE(std::filesystem::exists(dir / "out.mp4"));
}

TEST(AnnotateInABrowser, PlaysEveryKind) {
  VIDCLASS_NEED_BROWSER();
  const TempDir dir;
  const auto source = grey_clip(dir);
  for (const char* name : {"out.mp4", "out.webm", "out.gif", "out.webp"}) {
    annotate(source, dir / name, annotation());
  }
  write_file_atomically(
      dir / "page.html",
      std::string_view("<!DOCTYPE html><title>t</title>"
                       "<video src=\"out.mp4\" preload=\"auto\" muted></video>"
                       "<video src=\"out.webm\" preload=\"auto\" muted></video>"
                       "<img src=\"out.gif\"><img src=\"out.webp\"><pre id=\"seen\"></pre><script>"
                       "const say = (text) => { seen.textContent += text + '\\n'; };"
                       "for (const video of document.querySelectorAll('video')) {"
                       "  video.onloadeddata = () => say(`${video.getAttribute('src')} "
                       "${video.videoWidth}x${video.videoHeight} ${video.duration.toFixed(2)}`);"
                       "  video.onerror = () => say('failed: ' + video.getAttribute('src'));"
                       "}"
                       "for (const image of document.images) image.decode().then("
                       "  () => say(`${image.getAttribute('src')} "
                       "${image.naturalWidth}x${image.naturalHeight}`),"
                       "  () => say('failed: ' + image.getAttribute('src')));"
                       "</script>"));
  const Seen seen = look_at(dir / "page.html");
  EXPECT_NE(seen.dom.find("out.mp4 160x120 1.20"), std::string::npos) << seen.dom;
  EXPECT_NE(seen.dom.find("out.webm 160x120 1.20"), std::string::npos) << seen.dom;
  EXPECT_NE(seen.dom.find("out.gif 160x120"), std::string::npos) << seen.dom;
  EXPECT_NE(seen.dom.find("out.webp 160x120"), std::string::npos) << seen.dom;
  EXPECT_EQ(seen.console, "");
}

TEST(AnnotateInABrowser, PlaysToTheEndWhateverSizeAndRate) {
  VIDCLASS_NEED_BROWSER();
  const TempDir dir;
  // Odd sides; frames that stay for unequal times.
  {
    video::VideoWriter writer(dir / "source.mp4", 97, 61, 10);
    const std::vector<std::uint8_t> grey(97 * 61 * 3, 90);
    double time = 0;
    for (int i = 0; i < 12; ++i) {
      const double lasts = i % 3 == 0 ? 0.15 : 0.04;
      writer.write(grey, time, lasts);
      time += lasts;
    }
    writer.finish();
  }
  const std::filesystem::path uneven = dir / "source.mp4";
  const AnnotatedVideo written = annotate(uneven, dir / "uneven.mp4", annotation());
  EXPECT_EQ(written.frames, 12U);
  annotate(grey_clip(dir, 32, 240), dir / "narrow.mp4", annotation());
  write_file_atomically(dir / "page.html",
                        std::string_view("<!DOCTYPE html><title>t</title></body>"));
  // The browser's clock runs ahead where nothing is done, but clips take their time: something is
  // done until both have ended.
  std::string script =
      "let playing = 2; const busy = setInterval(() => { for (let i = 0; i < 5e6; ++i); }, 10);";
  for (const char* name : {"uneven.mp4", "narrow.mp4"}) {
    script +=
        "{const video = document.createElement('video'); video.muted = true; video.playbackRate = "
        "8; video.src = 'file://" +
        (dir / name).string() + "'; video.onended = () => { say(`" + name +
        " ${video.videoWidth}x${video.videoHeight} ${video.currentTime.toFixed(2)} "
        "${video.getVideoPlaybackQuality().totalVideoFrames}`); "
        "if (--playing === 0) clearInterval(busy); }; video.onerror = () => "
        "say('failed'); document.body.append(video); video.play();}";
  }
  const Seen seen = use(dir / "page.html", script, 60);
  EXPECT_NE(seen.dom.find("said: uneven.mp4 98x62 0.92 12"), std::string::npos) << seen.dom;
  EXPECT_NE(seen.dom.find("said: narrow.mp4 32x240 1.20 30"), std::string::npos) << seen.dom;
}

TEST(Font, ShortensWhatDoesNotFit) {
  Font font(12);
  const std::string shortened = font.shortened("a name that is far too long", 60);
  EXPECT_LE(font.width(shortened), 60);
  EXPECT_NE(shortened.find("\xE2\x80\xA6"), std::string::npos);
  EXPECT_EQ(font.shortened("ab", 60), "ab");
}

TEST(Font, TakesTextThatIsNotUtf8) {
  Font font(12);
  EXPECT_GT(font.width("caf\xE9\xFF"), 0);
}

TEST(ContactSheet, HasFiveFramesARow) {
  const Tensor frames(DType::u8, {7, 64, 64, 3});
  const std::vector<double> times(7);
  const std::vector<float> importance(7, 0.5F);
  const Tensor heat(DType::f32, {7, 4, 4});
  const Tensor sheet = contact_sheet(frames, times, importance, heat);
  EXPECT_EQ(sheet.dim(1), 5U * (128 + 8) + 8);
}

TEST(ContactSheet, OfOtherTimesIsAnError) {
  const Tensor frames(DType::u8, {7, 64, 64, 3});
  const std::vector<double> times(6);
  const std::vector<float> importance(7);
  EXPECT_THROW((void)contact_sheet(frames, times, importance, {}), Error);
}

}  // namespace
}  // namespace vidclass::report::testing
