// Which names are one label, and which are none.
#include <gtest/gtest.h>

#include "core/unicode.hpp"
#include "dataset/files.hpp"

namespace vidclass::dataset {
namespace {

using testing::any_has;
using testing::has;
using testing::open_error;
using testing::put;
using testing::TempDir;

using Labels = std::vector<std::string>;

TEST(LabelSpellings, ThatDifferByUnicodeFormOrCaseAreOneClass) {
  const TempDir dir;
  for (const char* name : {"train/fr\xC3\xBCh/1.mp4", "train/fr\xC3\xBCh/2.mp4", "train/b/1.mp4",
                           "train/b/2.mp4", "test/fru\xCC\x88h/1.mp4", "test/B/1.mp4"}) {
    put(dir / name);
  }
  const auto manifest = open(dir.path());
  EXPECT_EQ(manifest.labels, (Labels{"b", "fr\xC3\xBCh"}));
  EXPECT_TRUE(any_has(manifest.notes, "2 labels spelled in several ways"));
}

TEST(LabelSpellings, AreOneClassInACsvToo) {
  const TempDir dir;
  for (const char* name : {"1.mp4", "2.mp4", "3.mp4", "4.mp4"}) put(dir / name);
  const auto manifest =
      open(put(dir / "a.csv", "path,label\n1.mp4,Jump\n2.mp4,jump\n3.mp4,jump\n4.mp4,STRASSE\n"));
  EXPECT_EQ(manifest.labels, (Labels{"STRASSE", "jump"}));
  EXPECT_EQ(manifest.clips[0].label, manifest.clips[1].label);
}

TEST(LabelSpellings, ThatAreAllOneAreTooFewClasses) {
  const TempDir dir;
  put(dir / "jump/1.mp4");
  put(dir / "Jump/1.mp4");
  EXPECT_TRUE(has(open_error(dir.path()), "one class only"));
}

TEST(LabelSpellings, ThatDifferOtherwiseStayApart) {
  const TempDir dir;
  put(dir / "jump up/1.mp4");
  put(dir / "jump_up/1.mp4");
  EXPECT_EQ(open(dir.path()).labels.size(), 2U);
}

class LabelEncoding : public ::testing::Test {
protected:
  [[nodiscard]] Manifest opened_as(const std::string& encoding,
                                   const std::filesystem::path& data) const {
    OpenOptions options;
    options.encoding = encoding;
    return open(data, options);
  }
  [[nodiscard]] std::filesystem::path csv(std::string_view text) const {
    put(dir_ / "1.mp4");
    put(dir_ / "2.mp4");
    return put(dir_ / "a.csv", text);
  }

  const TempDir dir_;
};

TEST_F(LabelEncoding, OtherThanUtf8OfAFolderIsNamedWithTheFolder) {
  put(dir_ / "caf\xE9/1.mp4");
  put(dir_ / "run/1.mp4");
  const auto error = open_error<NotUtf8>(dir_.path());
  EXPECT_TRUE(has(error, (dir_ / "caf\xE9").string() + ": the label")) << error;
  EXPECT_TRUE(has(error, "the option encoding")) << error;
}

TEST_F(LabelEncoding, OtherThanUtf8OfACsvIsNamedWithTheLine) {
  const auto error = open_error<NotUtf8>(csv("path,label\n1.mp4,run\n2.mp4,caf\xE9\n"));
  EXPECT_TRUE(has(error, "a.csv:3: the label")) << error;
}

TEST_F(LabelEncoding, OtherThanUtf8OfAListIsNamedWithTheLine) {
  put(dir_ / "1.mp4");
  put(dir_ / "2.mp4");
  EXPECT_TRUE(has(open_error<NotUtf8>(put(dir_ / "l.txt", "1.mp4 run\n2.mp4 caf\xE9\n")),
                  "l.txt:2: the label"));
}

TEST_F(LabelEncoding, OtherThanUtf8OfNamesOfNumbersIsNamedWithTheLine) {
  put(dir_ / "1.mp4");
  put(dir_ / "2.mp4");
  put(dir_ / "labels.txt", "run\ncaf\xE9\n");
  EXPECT_TRUE(has(open_error<NotUtf8>(put(dir_ / "l.txt", "1.mp4 0\n2.mp4 1\n")),
                  "labels.txt:2: the label"));
}

TEST_F(LabelEncoding, ThatIsNamedMakesTheLabelsUtf8) {
  EXPECT_EQ(opened_as("latin1", csv("path,label\n1.mp4,run\n2.mp4,caf\xE9\n")).labels,
            (Labels{"caf\xC3\xA9", "run"}));
}

TEST_F(LabelEncoding, ThatIsNamedIsOfFoldersToo) {
  put(dir_ / "caf\xE9/1.mp4");
  put(dir_ / "run/1.mp4");
  const auto manifest = opened_as("cp1252", dir_.path());
  EXPECT_EQ(manifest.labels, (Labels{"caf\xC3\xA9", "run"}));
  EXPECT_TRUE(std::filesystem::exists(manifest.clips[0].path));
}

TEST_F(LabelEncoding, ThatIsNamedFindsClipsWhoseNamesAreInIt) {
  put(dir_ / "caf\xE9/1.mp4");
  put(dir_ / "run/1.mp4");
  const auto manifest = opened_as(
      "latin1", put(dir_ / "a.csv", "path,label\ncaf\xE9/1.mp4,caf\xE9\nrun/1.mp4,run\n"));
  EXPECT_EQ(manifest.clips[0].path, dir_ / "caf\xE9/1.mp4");
}

TEST_F(LabelEncoding, ThatIsUnknownIsRefused) {
  EXPECT_THROW((void)opened_as("latin9000", csv("path,label\n1.mp4,a\n2.mp4,b\n")), UsageError);
}

TEST_F(LabelEncoding, IsNoMatterOfPathsWhoseLabelsAreUtf8) {
  put(dir_ / "caf\xE9.mp4");
  EXPECT_EQ(open(csv("path,label\n1.mp4,run\ncaf\xE9.mp4,walk\n")).clips.size(), 2U);
}

TEST_F(LabelEncoding, IsReadOfUtf16sByteOrderMark) {
  std::string text("\xFF\xFE");
  for (const char c : std::string_view("path\tlabel\n1.mp4\trun\n2.mp4\twalk\n")) {
    text += c;
    text += '\0';
  }
  EXPECT_EQ(open(csv(text)).labels, (Labels{"run", "walk"}));
}

TEST(PicturesForClips, AreToldWithWhatToDo) {
  const TempDir dir;
  for (const char* name : {"run/a.jpg", "run/b.jpg", "walk/1.png", "walk/2.png"}) put(dir / name);
  const auto error = open_error(dir.path());
  EXPECT_TRUE(has(error, "pictures are no clips")) << error;
  EXPECT_TRUE(has(error, "<class>/<clip>/img_0001.jpg")) << error;
}

TEST(PicturesForClips, AreToldBesideFoldersOfClips) {
  const TempDir dir;
  for (const char* name : {"run/1.mp4", "walk/1.mp4", "jump/a.jpg"}) put(dir / name);
  EXPECT_TRUE(any_has(open(dir.path()).notes, "\"jump\"; pictures are no clips"));
}

TEST(PicturesForClips, AreNotMeantWhereAFolderIsEmpty) {
  const TempDir dir;
  for (const char* name : {"run/1.mp4", "walk/1.mp4", "docs/a.txt"}) put(dir / name);
  EXPECT_FALSE(any_has(open(dir.path()).notes, "pictures"));
}

}  // namespace
}  // namespace vidclass::dataset
