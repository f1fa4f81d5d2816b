#include <gtest/gtest.h>

#include <algorithm>

#include "browser.hpp"
#include "core/atomic_file.hpp"
#include "made_up_report.hpp"
#include "report/report.hpp"
#include "support/temp_dir.hpp"
#include "vidclass/error.hpp"
#include "video/clip_writer.hpp"

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
  EXPECT_NE(read_text_file(dir / "r.html").find("caf\\\\xe9"), std::string::npos);
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

/// "said: a\nsaid: b\n" of a page that was used.
std::string said(const Seen& seen) {
  const std::string begin = "<pre id=\"said\">";
  const auto at = seen.dom.find(begin);
  return at == std::string::npos
             ? "nothing: " + seen.console
             : seen.dom.substr(at + begin.size(), seen.dom.find("</pre>", at) - at - begin.size());
}

TEST(ReportInABrowser, SortsAndFiltersItsClasses) {
  VIDCLASS_NEED_BROWSER();
  const TempDir dir;
  write_report(dir / "r.html", made_up_report(numbered_labels(101)));
  const Seen seen = use(dir / "r.html", R"(
    const table = document.querySelector('#class-table table');
    const recall = [...table.querySelectorAll('thead button')].find((b) => b.textContent === 'Recall');
    const values = () => [...table.tBodies[0].rows].map((row) => parseFloat(row.cells[2].textContent));
    const falling = (list) => list.every((value, i) => i === 0 || list[i - 1] >= value);
    recall.click();
    say(recall.parentElement.getAttribute('aria-sort') + ' ' + falling(values()));
    recall.click();
    say(recall.parentElement.getAttribute('aria-sort') + ' ' + falling(values().reverse()));
    const search = document.getElementById('class-search');
    search.value = 'class 007';
    search.dispatchEvent(new Event('input'));
    say([...table.tBodies[0].rows].filter((row) => row.getClientRects().length).length);
    say(document.getElementById('class-count').textContent);
  )");
  EXPECT_EQ(said(seen),
            "said: descending true\nsaid: ascending true\nsaid: 1\nsaid: 1 of 101 classes\n");
}

TEST(ReportInABrowser, HidesTheSearchWhereClassesAreFew) {
  VIDCLASS_NEED_BROWSER();
  const TempDir dir;
  write_report(dir / "r.html", made_up_report(numbered_labels(7)));
  EXPECT_EQ(said(use(dir / "r.html",
                     "say(document.getElementById('class-search').getClientRects().length);")),
            "said: 0\n");
}

TEST(ReportInABrowser, ZoomsFiltersAndWalksTheMatrix) {
  VIDCLASS_NEED_BROWSER();
  const TempDir dir;
  write_report(dir / "r.html", made_up_report(numbered_labels(101)));
  const Seen seen = use(dir / "r.html", R"(
    const of = (id) => document.getElementById(id);
    const change = (id, value) => { of(id).value = value; of(id).dispatchEvent(new Event('input')); };
    const cell = (row, column) => of('matrix').querySelector('tbody').rows[row].cells[column + 1];
    say(of('matrix').scrollWidth <= of('matrix').parentElement.clientWidth);
    change('zoom', 100);
    say(cell(0, 0).getBoundingClientRect().width);
    change('matrix-search', 'class 007');
    say(of('matrix').querySelectorAll('tbody tr').length < 101);
    change('matrix-search', '');
    cell(0, 0).focus();
    cell(0, 0).dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowRight', bubbles: true}));
    say(document.activeElement === cell(0, 1));
    say(of('cell').textContent.startsWith('Class 001 taken for Class 002: '));
  )");
  EXPECT_EQ(said(seen), "said: true\nsaid: 40\nsaid: true\nsaid: true\nsaid: true\n");
}

TEST(ReportInABrowser, MovesItsPicturesUntilStopped) {
  VIDCLASS_NEED_BROWSER();
  const TempDir dir;
  Report report = made_up_report(numbered_labels(3));
  video::ClipWriter writer(dir / "clip.avi", 64, 48, 10);
  for (int i = 0; i < 12; ++i) writer.write(std::vector<std::uint8_t>(64 * 48 * 3, 200));
  writer.finish();
  for (ReportedClip& clip : report.clips) clip.source = dir / "clip.avi";
  write_report(dir / "r.html", report, {.mistakes = 2, .frames = 4});
  const Seen seen = use(dir / "r.html", R"(
    const shown = () => document.querySelector('.strip img').style.getPropertyValue('--shown');
    const button = document.getElementById('motion');
    const seen = new Set();
    const watch = setInterval(() => seen.add(shown()), 100);
    setTimeout(() => {
      clearInterval(watch);
      say(seen.size);
      button.click();
      const before = shown();
      setTimeout(() => say(button.getAttribute('aria-pressed') + ' ' + (shown() === before)), 600);
    }, 2000);
  )");
  EXPECT_EQ(said(seen), "said: 4\nsaid: false true\n");
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
  report.training.reset();
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
