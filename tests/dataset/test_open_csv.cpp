#include <gtest/gtest.h>

#include "core/atomic_file.hpp"
#include "dataset/files.hpp"
#include "support/shared_data.hpp"

namespace vidclass::dataset {
namespace {

using testing::has;
using testing::open_error;
using testing::put;
using testing::TempDir;

/// A CSV beside one clip of each class that exists.
std::filesystem::path put_csv(const TempDir& dir, std::string_view text) {
  put(dir / "a/1.avi");
  put(dir / "b/1.avi");
  return put(dir / "list.csv", text);
}

TEST(OpenCsv, TakesPathsRelativeToItsFolder) {
  const TempDir dir;
  const auto manifest = open(put_csv(dir, "path,label\na/1.avi,a\nb/1.avi,b\n"));
  ASSERT_EQ(manifest.clips.size(), 2U);
  EXPECT_EQ(manifest.clips[0].path, dir / "a/1.avi");
}

TEST(OpenCsv, SortsLabelsAndKeepsTheOrderOfClips) {
  const TempDir dir;
  const auto manifest = open(put_csv(dir, "path,label\nb/1.avi,b\na/1.avi,a\n"));
  EXPECT_EQ(manifest.labels, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(manifest.clips[0].label, 1U);
  EXPECT_EQ(manifest.layout, Layout::csv);
}

TEST(OpenCsv, FindsColumnsInAnyOrderAndIgnoresOthers) {
  const TempDir dir;
  const auto manifest =
      open(put_csv(dir, "note,Split,LABEL,group,path\nx,val,a,g1,a/1.avi\ny,test,b,,b/1.avi\n"));
  EXPECT_EQ(manifest.clips[0].split, Split::validation);
  EXPECT_EQ(manifest.clips[0].group, "g1");
  EXPECT_EQ(manifest.clips[1].group, "");
}

TEST(OpenCsv, InfersGroupsFromNamesWithoutAGroupColumn) {
  const TempDir dir;
  const auto manifest = open(put_csv(dir, "path,label\na/1.avi,a\nb/v_b_g07_c01.avi,b\n"));
  EXPECT_EQ(manifest.clips[1].group, "b_g07");
}

TEST(OpenCsv, TakesAByteOrderMarkAndCarriageReturns) {
  const TempDir dir;
  EXPECT_EQ(open(put_csv(dir, "\xEF\xBB\xBFpath,label\r\na/1.avi,a\r\nb/1.avi,b\r\n")).clips.size(),
            2U);
}

TEST(OpenCsv, KeepsAbsentFilesAmongOthers) {
  const TempDir dir;
  EXPECT_EQ(open(put_csv(dir, "path,label\na/1.avi,a\nb/gone.avi,b\n")).clips.size(), 2U);
}

TEST(OpenCsv, NamesTheFirstFileAndTheFolderWhenAllAreAbsent) {
  const TempDir dir;
  const auto error = open_error(put_csv(dir, "path,label\nno/1.avi,a\nno/2.avi,b\n"));
  EXPECT_TRUE(has(error, "none of the 2 files")) << error;
  EXPECT_TRUE(has(error, (dir / "no/1.avi").string())) << error;
  EXPECT_TRUE(has(error, "looked for in " + dir.path().string())) << error;
}

TEST(OpenCsv, NamesAMissingColumn) {
  const TempDir dir;
  EXPECT_TRUE(has(open_error(put_csv(dir, "what,label\na/1.avi,a\n")), "no column \"path\""));
  EXPECT_TRUE(has(open_error(put_csv(dir, "path,what\na/1.avi,a\n")), "no column \"label\""));
}

TEST(OpenCsv, RefusesAColumnNamedTwice) {
  const TempDir dir;
  EXPECT_TRUE(has(open_error(put_csv(dir, "path,label,label\na/1.avi,a,b\n")),
                  "two columns named \"label\""));
}

TEST(OpenCsv, NamesTheLineOfAnUnknownSplit) {
  const TempDir dir;
  const auto error =
      open_error(put_csv(dir, "path,label,split\na/1.avi,a,train\nb/1.avi,b,later\n"));
  EXPECT_TRUE(has(error, ":3: unknown split \"later\"")) << error;
}

TEST(OpenCsv, NamesTheLineOfAShortRow) {
  const TempDir dir;
  const auto error = open_error(put_csv(dir, "path,label\na/1.avi,a\nb/1.avi\n"));
  EXPECT_TRUE(has(error, ":3: 1 field where the first line names 2 columns")) << error;
}

TEST(OpenCsv, NamesTheLineOfAnEmptyPathOrLabel) {
  const TempDir dir;
  EXPECT_TRUE(has(open_error(put_csv(dir, "path,label\n,a\n")), ":2: the path is empty"));
  EXPECT_TRUE(has(open_error(put_csv(dir, "path,label\na/1.avi,\n")), ":2: the label is empty"));
}

TEST(OpenCsv, RefusesAnEmptyFile) {
  const TempDir dir;
  EXPECT_TRUE(has(open_error(put_csv(dir, "")), "is empty"));
  EXPECT_TRUE(has(open_error(put_csv(dir, "path,label\n")), "lists no clips"));
}

TEST(OpenCsv, RefusesUtf16) {
  const TempDir dir;
  EXPECT_TRUE(has(open_error(put_csv(dir, "\xFF\xFEp")), "UTF-16"));
}

TEST(OpenCsv, RefusesASingleClass) {
  const TempDir dir;
  const auto error = open_error(put_csv(dir, "path,label\na/1.avi,a\nb/1.avi,a\n"));
  EXPECT_TRUE(has(error, "one class only (\"a\", 2 clips); at least two classes are needed"))
      << error;
}

TEST(OpenCsv, RefusesSplitLists) {
  const TempDir dir;
  OpenOptions options;
  options.splits = dir.path();
  EXPECT_TRUE(
      has(open_error<UsageError>(put_csv(dir, "path,label\n"), options), "not with a CSV file"));
}

TEST(WriteCsv, IsReadBackTheSame) {
  const TempDir dir;
  Manifest manifest;
  manifest.labels = {"hand, shake", "say \"hi\""};
  manifest.clips = {{put(dir / "in side/a,1.avi"), 0, "g 1", Split::train},
                    {put(dir / "b.avi"), 1, "", Split::none},
                    {put(dir / "c.avi"), 1, "g2", Split::test}};
  write_csv(dir / "lists/out.csv", manifest);
  const auto read = open(dir / "lists/out.csv");
  EXPECT_EQ(read.labels, manifest.labels);
  ASSERT_EQ(read.clips.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_TRUE(std::filesystem::equivalent(read.clips[i].path, manifest.clips[i].path));
    EXPECT_EQ(read.clips[i].label, manifest.clips[i].label);
    EXPECT_EQ(read.clips[i].group, manifest.clips[i].group);
    EXPECT_EQ(read.clips[i].split, manifest.clips[i].split);
  }
}

TEST(WriteCsv, MakesPathsRelativeToItsFolder) {
  const TempDir dir;
  Manifest manifest;
  manifest.labels = {"a"};
  manifest.clips = {{put(dir / "clips/1.avi"), 0, "g", Split::train}};
  write_csv(dir / "lists/out.csv", manifest);
  EXPECT_EQ(read_text_file(dir / "lists/out.csv"),
            "path,label,group,split,start,end\n../clips/1.avi,a,g,train,,\n");
}

TEST(WriteCsv, KeepsAPathThatHasOnlyTheRootInCommon) {
  const TempDir dir;
  Manifest manifest;
  manifest.labels = {"a"};
  manifest.clips = {{"/no-such-folder/1.avi", 0, "", Split::none}};
  write_csv(dir / "out.csv", manifest);
  EXPECT_TRUE(has(read_text_file(dir / "out.csv"), "\n/no-such-folder/1.avi,a,,,,\n"));
}

TEST(OpenCsv, ReadsTheSplitsOfTennis7) {
  VIDCLASS_NEED_SHARED_DATA();
  const auto manifest = open(testing::shared_data() / "tennis7/split.csv");
  EXPECT_EQ(manifest.labels.size(), 7U);
  EXPECT_EQ(manifest.indices(Split::train).size(), 224U);
  EXPECT_EQ(manifest.indices(Split::validation).size(), 56U);
  EXPECT_EQ(manifest.indices(Split::test).size(), 91U);
}

TEST(OpenCsv, ReadsTheSplitsOfUt6) {
  VIDCLASS_NEED_SHARED_DATA();
  const auto manifest = open(testing::shared_data() / "ut6/split.csv");
  EXPECT_EQ(manifest.labels.size(), 6U);
  EXPECT_EQ(manifest.indices(Split::train).size(), 48U);
  EXPECT_EQ(manifest.indices(Split::validation).size(), 12U);
  EXPECT_EQ(manifest.indices(Split::test).size(), 60U);
}

TEST(OpenCsv, TakesSpansInSeconds) {
  const TempDir dir;
  const auto manifest =
      open(put_csv(dir, "path,label,start,end\na/1.avi,a,1.5,3\na/1.avi,a,3,\nb/1.avi,b,,\n"));
  EXPECT_EQ(manifest.clips[0].start, 1.5);
  EXPECT_EQ(manifest.clips[0].end, 3.0);
  EXPECT_EQ(manifest.clips[1].start, 3.0);
  EXPECT_FALSE(manifest.clips[1].end);
  EXPECT_EQ(manifest.clips[2].start, 0.0);
}

TEST(OpenCsv, NamesTheLineOfASpanThatIsNone) {
  const TempDir dir;
  const char* rows = "path,label,start,end\na/1.avi,a,0,1\nb/1.avi,b,";
  for (const auto& [span, reason] :
       {std::pair("one,", "the start \"one\" is not a number of seconds"),
        std::pair("-1,2", "the start \"-1\" is not a number of seconds"),
        std::pair("2,2", "the clip ends at 2 s, not after its start at 2 s")}) {
    const auto error = open_error(put_csv(dir, std::string(rows) + span + "\n"));
    EXPECT_TRUE(has(error, std::string(":3: ") + reason)) << error;
  }
}

TEST(OpenCsv, NamesTheLineOfAClipListedTwice) {
  const TempDir dir;
  EXPECT_TRUE(has(open_error(put_csv(dir, "path,label\na/1.avi,a\nb/1.avi,b\na/1.avi,b\n")),
                  ":4: \"a/1.avi\" is listed before, in line 2"));
}

TEST(OpenCsv, OrdersLabelsByTheirNumbers) {
  const TempDir dir;
  const auto manifest = open(put_csv(dir, "path,label,number\na/1.avi,a,7\nb/1.avi,b,3\n"));
  EXPECT_EQ(manifest.labels, (std::vector<std::string>{"b", "a"}));
}

TEST(OpenCsv, NamesTheLineOfANumberThatDisagrees) {
  const TempDir dir;
  EXPECT_TRUE(has(open_error(put_csv(dir, "path,label,number\na/1.avi,a,0\nb/1.avi,b,0\n")),
                  ":3: the label \"b\" has number 0 here"));
}

}  // namespace
}  // namespace vidclass::dataset
