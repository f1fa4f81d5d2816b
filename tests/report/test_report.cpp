#include <gtest/gtest.h>

#include <algorithm>

#include "browser.hpp"
#include "made_up_report.hpp"
#include "support/temp_dir.hpp"
#include "vidclass/core/atomic_file.hpp"
#include "vidclass/core/error.hpp"
#include "vidclass/report/report.hpp"
#include "vidclass/video/clip_writer.hpp"

namespace vidclass::report::testing {
namespace {

using vidclass::testing::TempDir;

// Whatever is not escaped makes an element, ends the script or runs.
const std::vector<std::string> hostile{"</script><img src=x onerror=document.title='run'>",
                                       "<!--<script>",
                                       "\" onmouseover=\"alert(1)",
                                       "a & b < c",
                                       "'--></style>",
                                       "\xE2\x80\xA8 line\tand\ntab"};

std::size_t occurrences(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

TEST(Report, IsOneFileThatNamesNothingElse) {
  const TempDir dir;
  write_report(dir / "r.html", made_up_report(numbered_labels(7)));
  const std::string page = read_text_file(dir / "r.html");
  EXPECT_EQ(occurrences(page, " src="), 0U);
  EXPECT_EQ(occurrences(page, "<link"), 1U);  // the empty icon
  EXPECT_NE(page.find("default-src 'none'"), std::string::npos);
}

TEST(Report, Of101ClassesIsSmall) {
  const TempDir dir;
  write_report(dir / "r.html", made_up_report(numbered_labels(101), 30));
  EXPECT_LT(std::filesystem::file_size(dir / "r.html"), 5'000'000U);
}

TEST(Report, EscapesNamesInItsText) {
  const TempDir dir;
  write_report(dir / "r.html", made_up_report(hostile));
  const std::string page = read_text_file(dir / "r.html");
  EXPECT_EQ(page.find("<img"), std::string::npos);
  EXPECT_EQ(occurrences(page, "</script>"), 3U);  // the data and the two scripts
  EXPECT_EQ(page.find("<!--"), std::string::npos);
}

TEST(Report, TakesNamesThatAreNotUtf8) {
  const TempDir dir;
  Report report = made_up_report(numbered_labels(2));
  report.title = "caf\xE9";
  report.clips[0].source.path = "caf\xE9.avi";
  report.warnings = {"caf\xE9"};
  write_report(dir / "r.html", report);
  EXPECT_NE(read_text_file(dir / "r.html").find("caf\xEF\xBF\xBD"), std::string::npos);
}

TEST(Report, HasMovingPicturesOfMistakes) {
  const TempDir dir;
  Report report = made_up_report(numbered_labels(3));
  video::ClipWriter writer(dir / "clip.avi", 64, 48, 10);
  for (int i = 0; i < 12; ++i) writer.write(std::vector<std::uint8_t>(64 * 48 * 3, 200));
  writer.finish();
  for (ReportedClip& clip : report.clips) clip.source = dir / "clip.avi";
  write_report(dir / "r.html", report, {.mistakes = 2, .frames = 4});
  EXPECT_EQ(occurrences(read_text_file(dir / "r.html"), "\"strip\":\"data:image/jpeg;base64,"), 2U);
}

TEST(Report, OfAnEvaluationThatIsNoJsonIsAnErrorAndNoFile) {
  const TempDir dir;
  Report report = made_up_report(numbered_labels(2));
  report.evaluation = "{";
  const std::filesystem::path file = dir / "r.html";
  EXPECT_THROW(write_report(file, report), Error);
  EXPECT_FALSE(std::filesystem::exists(file));
}

// Without this, the tests below could hold because nothing is ever seen.
TEST(Browser, SeesErrorsAndRequestsOfAPage) {
  VIDCLASS_NEED_BROWSER();
  const TempDir dir;
  const std::filesystem::path page = dir / "bad.html";
  write_file_atomically(page,
                        "<!DOCTYPE html><title>bad</title><img src=\"http://127.0.0.1:9/a.png\">"
                        "<script>missing()</script>");
  const Seen seen = look_at(page);
  EXPECT_NE(seen.console.find("missing is not defined"), std::string::npos);
  EXPECT_EQ(seen.requests, "http://127.0.0.1:9/a.png\n");
}

TEST(ReportInABrowser, FillsItsTablesWithoutErrorsOrRequests) {
  VIDCLASS_NEED_BROWSER();
  const TempDir dir;
  write_report(dir / "r.html", made_up_report(numbered_labels(101)));
  const Seen seen = look_at(dir / "r.html");
  EXPECT_EQ(seen.console, "");
  EXPECT_EQ(seen.requests, "");
  EXPECT_EQ(occurrences(seen.dom, "<canvas"), 4U);
  EXPECT_GE(occurrences(seen.dom, "<td tabindex=\"-1\""), 101U * 101U - 1);
  EXPECT_NE(seen.dom.find("404 clips of 101 classes"), std::string::npos);
}

TEST(ReportInABrowser, ShowsHostileNamesAsText) {
  VIDCLASS_NEED_BROWSER();
  const TempDir dir;
  write_report(dir / "r.html", made_up_report(hostile));
  const Seen seen = look_at(dir / "r.html");
  EXPECT_EQ(seen.console, "");
  EXPECT_EQ(seen.requests, "");
  EXPECT_NE(seen.dom.find("<title>Evaluation of &lt;/script&gt;"), std::string::npos);
  EXPECT_EQ(seen.dom.find("<img src=\"x\""), std::string::npos);
  EXPECT_EQ(seen.dom.find("=\"\" onmouseover="), std::string::npos);
}

TEST(ReportInABrowser, OfOneClipWithoutTrainingShowsWhatThereIs) {
  VIDCLASS_NEED_BROWSER();
  const TempDir dir;
  Report report = made_up_report(numbered_labels(2), 1);
  report.training.clear();
  report.classes.clear();
  report.warnings.clear();
  write_report(dir / "r.html", report);
  const Seen seen = look_at(dir / "r.html");
  EXPECT_EQ(seen.console, "");
  EXPECT_NE(seen.dom.find("id=\"training\" aria-labelledby=\"h-training\" hidden"),
            std::string::npos);
}

}  // namespace
}  // namespace vidclass::report::testing
