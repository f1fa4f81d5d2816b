// Which data set, and which part of its clips.
#include <gtest/gtest.h>

#include <cmath>

#include "fixtures.hpp"
#include "pipeline/data.hpp"
#include "vidclass/error.hpp"

namespace vidclass::pipeline::testing {
namespace {

class OpenedData : public ::testing::Test {
protected:
  const TempDir dir_;
};

TEST_F(OpenedData, RefusesASpanThatEndsBeforeItStarts) {
  const auto message = message_of<UsageError>(
      [&] { (void)open_data({.data = put_video_csv(dir_ / "d.csv"), .start = 3, .end = 2}); });
  EXPECT_TRUE(has(message, "ends at 2 s, which is not after its start at 3 s")) << message;
}

TEST_F(OpenedData, RefusesASpanThatEndsWhereItStarts) {
  EXPECT_THROW((void)open_data({.data = put_video_csv(dir_ / "d.csv"), .start = 2, .end = 2}),
               UsageError);
}

TEST_F(OpenedData, RefusesAStartBeforeTheFirstFrame) {
  const auto message = message_of<UsageError>(
      [&] { (void)open_data({.data = put_video_csv(dir_ / "d.csv"), .start = -1}); });
  EXPECT_TRUE(has(message, "starts at -1 s, which is not 0 or more")) << message;
}

TEST_F(OpenedData, RefusesAnEndThatIsNoNumber) {
  EXPECT_THROW((void)open_data({.data = put_video_csv(dir_ / "d.csv"), .end = std::nan("")}),
               UsageError);
}

TEST_F(OpenedData, RefusesAStartOfArrays) {
  const fs::path data = ArraySet::of_groups(dir_ / "a", 2);
  const auto message =
      message_of<UsageError>([&] { (void)open_data({.data = data, .start = 0.5}); });
  EXPECT_TRUE(has(message, data.string() + " is feature arrays, which have no times")) << message;
}

TEST_F(OpenedData, RefusesAnEndOfArrays) {
  const fs::path data = ArraySet::of_groups(dir_ / "a", 2);
  EXPECT_THROW((void)open_data({.data = data, .end = 1}), UsageError);
}

TEST_F(OpenedData, TakesArraysWithoutASpan) {
  const auto manifest = open_data({.data = ArraySet::of_groups(dir_ / "a", 2)});
  EXPECT_EQ(manifest.content, dataset::Content::arrays);
}

TEST_F(OpenedData, GivesTheSpanToClipsThatNameNone) {
  const auto manifest =
      open_data({.data = put_video_csv(dir_ / "d.csv"), .start = 0.1, .end = 0.3});
  EXPECT_EQ(manifest.clips.at(0).start, 0.1);
  EXPECT_EQ(manifest.clips.at(0).end, 0.3);
}

TEST_F(OpenedData, LeavesClipsTheirOwnSpan) {
  const fs::path data =
      put(dir_ / "d.csv", "path,label,start,end\n" + video_of("Rise").string() +
                              ",Rise,0.2,0.25\n" + video_of("Fall").string() + ",Fall,,\n");
  const auto manifest = open_data({.data = data, .start = 0.1});
  EXPECT_EQ(manifest.clips.at(0).start, 0.2);
  EXPECT_EQ(manifest.clips.at(0).end, 0.25);
}

TEST_F(OpenedData, DoesNotExistWhereThereIsNothing) {
  const auto message = message_of<UsageError>([&] { (void)open_data({.data = dir_ / "nothing"}); });
  EXPECT_TRUE(has(message, (dir_ / "nothing").string())) << message;
}

class FilesOfData : public OpenedData {
protected:
  [[nodiscard]] InputFiles files(const DataRequest& request) const {
    return files_of(request, open_data(request));
  }
  const fs::path list_ = put_video_csv(dir_ / "d.csv");
};

TEST_F(FilesOfData, HoldTheList) {
  EXPECT_THROW(files({.data = list_}).refuse(list_, true), UsageError);
}

TEST_F(FilesOfData, HoldTheClips) {
  EXPECT_THROW(files({.data = list_}).refuse(video_of("Rise"), true), UsageError);
}

TEST_F(FilesOfData, HoldAClipUnderAnotherName) {
  fs::create_symlink(video_of("Rise"), dir_ / "other.avi");
  EXPECT_THROW(files({.data = list_}).refuse(dir_ / "other.avi", true), UsageError);
}

TEST_F(FilesOfData, HoldTheNamesOfLabels) {
  const fs::path names = put(dir_ / "names.txt", "Brighten\nRise\n");
  DataRequest request{.data = list_};
  request.open.label_names = names;
  EXPECT_THROW(files_of(request, open_data({.data = list_})).refuse(names, true), UsageError);
}

TEST_F(FilesOfData, HoldNothingElse) {
  EXPECT_NO_THROW(files({.data = list_}).refuse(video_of("Fall"), true));
}

}  // namespace
}  // namespace vidclass::pipeline::testing
