#include <gtest/gtest.h>

#include "dataset/files.hpp"
#include "dataset/published.hpp"
#include "support/archive_maker.hpp"
#include "support/environment.hpp"
#include "support/file_server.hpp"

namespace vidclass::dataset {
namespace {

namespace fs = std::filesystem;
using testing::has;
using testing::make_archive;
using testing::make_rar;
using testing::message_of;
using testing::put;

/// Small archives in the form of the published ones.
class Fetch : public ::testing::Test {
protected:
  Fetch() {
    server.offer("UCF101.rar", make_rar({{"UCF-101/Punch/v_Punch_g01_c01.avi", "1"},
                                         {"UCF-101/YoYo/v_YoYo_g01_c01.avi", "2"}}));
    server.offer(
        "UCF101TrainTestSplits-RecognitionTask.zip",
        make_archive({{"ucfTrainTestlist/classInd.txt", "1 Punch\n2 YoYo\n"},
                      {"ucfTrainTestlist/trainlist01.txt", "Punch/v_Punch_g01_c01.avi 1\n"},
                      {"ucfTrainTestlist/testlist01.txt", "YoYo/v_YoYo_g01_c01.avi\n"}}));
    server.offer("hmdb51_org.rar", make_rar({{"kick.rar", make_rar({{"kick/a.avi", "1"}})},
                                             {"wave.rar", make_rar({{"wave/b.avi", "2"}})}}));
    server.offer("test_train_splits.rar",
                 make_rar({{"testTrainMulti_7030_splits/kick_test_split1.txt", "a.avi 1\n"},
                           {"testTrainMulti_7030_splits/wave_test_split1.txt", "b.avi 2\n"}}));
    options.dir = dir / "data";
    options.mirror = server.url("");
  }
  /// The published one, with the checksums of the real archives taken off.
  [[nodiscard]] static PublishedDataset known(const char* name) {
    PublishedDataset dataset = find_published_dataset(name);
    for (PublishedArchive& archive : dataset.archives) archive.file.md5.clear();
    return dataset;
  }
  void fetch_all(const char* name) const { fetch(plan_fetch(known(name), options), options); }
  [[nodiscard]] std::string complaint(const char* name) const {
    return message_of<Error>([&] { fetch_all(name); });
  }

  testing::TempDir dir;
  testing::FileServer server;
  testing::Variable no_proxy{"no_proxy", "127.0.0.1"};
  FetchOptions options;
};

TEST_F(Fetch, LeavesUcf101ReadyToBeOpened) {
  fetch_all("ucf101");
  const Manifest manifest = open(options.dir);
  EXPECT_EQ(manifest.layout, Layout::ucf101);
  EXPECT_EQ(manifest.clips.size(), 2U);
  EXPECT_TRUE(fs::exists(manifest.clips[0].path));
}

TEST_F(Fetch, UnpacksTheArchivesWithinHmdb51s) {
  fetch_all("hmdb51");
  const Manifest manifest = open(options.dir);
  EXPECT_EQ(manifest.layout, Layout::hmdb51);
  EXPECT_TRUE(fs::exists(manifest.clips[0].path));
}

TEST_F(Fetch, RemovesTheArchivesAndAllScratch) {
  fetch_all("ucf101");
  const auto entries = std::distance(fs::directory_iterator(options.dir), {});
  EXPECT_EQ(entries, 2);
}

TEST_F(Fetch, KeepsTheArchivesOnRequest) {
  options.keep_archives = true;
  fetch_all("ucf101");
  EXPECT_TRUE(fs::exists(options.dir / "UCF101.rar"));
}

TEST_F(Fetch, PlansSizesBeforeItStarts) {
  const FetchPlan plan = plan_fetch(known("ucf101"), options);
  EXPECT_GT(plan.to_download, 0U);
  EXPECT_GT(plan.space_needed, 2 * plan.to_download);
  EXPECT_GT(plan.space_free, 0U);
  EXPECT_FALSE(fs::exists(options.dir));
}

TEST_F(Fetch, GoesOnWithAnInterruptedDownload) {
  const FetchPlan whole = plan_fetch(known("ucf101"), options);
  const std::string rar = make_rar(
      {{"UCF-101/Punch/v_Punch_g01_c01.avi", "1"}, {"UCF-101/YoYo/v_YoYo_g01_c01.avi", "2"}});
  put(options.dir / "UCF101.rar.part", rar.substr(0, 50));
  const FetchPlan rest = plan_fetch(known("ucf101"), options);
  EXPECT_EQ(rest.already_here, 50U);
  EXPECT_EQ(rest.to_download, whole.to_download - 50);
  fetch(rest, options);
  EXPECT_EQ(server.ranges(), 1);
  EXPECT_TRUE(fs::exists(options.dir / "UCF-101/Punch/v_Punch_g01_c01.avi"));
}

TEST_F(Fetch, HasNothingLeftToDoTheSecondTime) {
  fetch_all("ucf101");
  const FetchPlan plan = plan_fetch(known("ucf101"), options);
  EXPECT_TRUE(plan.archives.empty());
  EXPECT_EQ(plan.to_download, 0U);
}

TEST_F(Fetch, StopsBeforeItStartsWhereSpaceIsShort) {
  FetchPlan plan = plan_fetch(known("ucf101"), options);
  plan.space_free = plan.space_needed - 1;
  EXPECT_TRUE(has(message_of<Error>([&] { fetch(plan, options); }), "free, and about"));
  EXPECT_FALSE(fs::exists(options.dir));
}

TEST_F(Fetch, RefusesAnArchiveWithAnotherChecksum) {
  const auto error = message_of<Error>(
      [&] { fetch(plan_fetch(find_published_dataset("hmdb51"), options), options); });
  EXPECT_TRUE(has(error, "its MD5 is")) << error;
}

TEST_F(Fetch, LeavesNoHalfFolderOfACutArchive) {
  const std::string rar = make_rar({{"UCF-101/Punch/a.avi", std::string(9000, 'x')}});
  server.offer("UCF101.rar", rar.substr(0, 5000));
  const auto error = complaint("ucf101");
  EXPECT_TRUE(has(error, "UCF101.rar is damaged")) << error;
  EXPECT_TRUE(has(error, "the archive was kept")) << error;
  EXPECT_FALSE(fs::exists(options.dir / "UCF-101"));
  EXPECT_FALSE(fs::exists(options.dir / ".unpacking"));
}

TEST_F(Fetch, RefusesAnArchiveOfOtherContent) {
  server.offer("UCF101.rar", make_rar({{"other/a.avi", "1"}}));
  EXPECT_TRUE(has(complaint("ucf101"), "does not hold the folder UCF-101"));
}

TEST_F(Fetch, RefusesAnArchiveThatLeadsOut) {
  server.offer("UCF101.rar", make_rar({{"UCF-101/../../../evil", "1"}}));
  EXPECT_TRUE(has(complaint("ucf101"), "leads out of its folder"));
  EXPECT_FALSE(fs::exists(dir / "evil"));
}

TEST_F(Fetch, NamesTheAddressOfWhatIsNotThere) {
  options.mirror = server.url("/elsewhere");
  EXPECT_TRUE(has(complaint("ucf101"), "/elsewhere/UCF101.rar"));
}

TEST_F(Fetch, StopsWhenCancelled) {
  const FetchPlan plan = plan_fetch(known("ucf101"), options);
  const CancellationToken cancel;
  cancel.request();
  EXPECT_THROW(fetch(plan, options, {}, cancel), Cancelled);
}

TEST(PublishedDatasets, AreFoundByName) {
  EXPECT_EQ(find_published_dataset("UCF101").classes, 101U);
  EXPECT_TRUE(has(message_of<UsageError>([] { (void)find_published_dataset("coco"); }),
                  "choose one of ucf101, hmdb51"));
}

}  // namespace
}  // namespace vidclass::dataset
