#include <gtest/gtest.h>

#include <filesystem>

#include "program.hpp"
#include "support/archive_maker.hpp"
#include "support/file_server.hpp"

namespace vidclass::cli::testing {
namespace {

using vidclass::testing::FileServer;
using vidclass::testing::make_archive;
using vidclass::testing::make_rar;

const Environment online{{"VIDCLASS_OFFLINE", ""}, {"no_proxy", "127.0.0.1"}};

TEST(FetchingADataset, TellsSizesThenLeavesItReady) {
  FileServer server;
  server.offer("UCF101.rar", make_rar({{"UCF-101/Punch/v_Punch_g01_c01.avi", "1"},
                                       {"UCF-101/YoYo/v_YoYo_g01_c01.avi", "2"}}));
  server.offer("UCF101TrainTestSplits-RecognitionTask.zip",
               make_archive({{"ucfTrainTestlist/classInd.txt", "1 Punch\n2 YoYo\n"},
                             {"ucfTrainTestlist/trainlist01.txt", "Punch/v_Punch_g01_c01.avi 1\n"},
                             {"ucfTrainTestlist/testlist01.txt", "YoYo/v_YoYo_g01_c01.avi\n"}}));
  const TempDir dir;
  const Arguments words{"dataset", "fetch", "ucf101", dir / "u", "--mirror", server.url("")};
  const Result result = run(words, online);
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_NE(result.out.find("to download"), std::string::npos) << result.out;
  EXPECT_NE(result.out.find("free"), std::string::npos) << result.out;
  EXPECT_NE(result.out.find("2 clips in the lists of fold 1, 2 classes"), std::string::npos);
  Arguments again = words;
  again.emplace_back("--json");
  EXPECT_EQ(run(again, online).json().at("downloaded"), 0);
}

TEST(FetchingADataset, ThatIsUnknownIsWrongUse) {
  expect_wrong_use(run({"dataset", "fetch", "coco"}, online), {"\"coco\"", "ucf101, hmdb51"});
}

TEST(FetchingADataset, WhereDownloadsAreSwitchedOffIsAFailure) {
  expect_failure(run({"dataset", "fetch", "ucf101"}, {{"VIDCLASS_OFFLINE", "1"}}), 1,
                 {"VIDCLASS_OFFLINE"});
}

TEST(FetchingADataset, FromNowhereNamesTheAddress) {
  const TempDir dir;
  expect_failure(
      run({"dataset", "fetch", "ucf101", dir / "u", "--mirror", "http://127.0.0.1:1"}, online), 1,
      {"http://127.0.0.1:1/UCF101.rar"});
  EXPECT_FALSE(std::filesystem::exists(dir / "u"));
}

TEST(ListingDatasets, NamesTheirPages) {
  const Json known = run({"dataset", "list", "--json"}).json().at("datasets");
  EXPECT_EQ(known.size(), 2U);
  EXPECT_EQ(known[0].at("name"), "ucf101");
}

}  // namespace
}  // namespace vidclass::cli::testing
