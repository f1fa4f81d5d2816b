// Leaks across splits as the verbs tell of them.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "demo.hpp"
#include "support/footage.hpp"
#include "support/old_file.hpp"

namespace vidclass::cli::testing {
namespace {

namespace fs = std::filesystem;

/// A CSV of a few clips, with `count` clips in train again in test.
class Leaking : public ::testing::Test {
protected:
  void write(int count) {
    std::ofstream csv(csv_path());
    csv << "path,label,group,split\n";
    const std::vector<std::string> labels{"MoveLeft", "Rise"};
    for (const auto& label : labels) {
      for (int group = 1; group <= 3; ++group) {
        const fs::path clip = demo_clip(label, group);
        csv << clip.string() << ',' << label << ",,"
            << (group == 1   ? "train"
                : group == 2 ? "val"
                             : "test")
            << '\n';
      }
    }
    for (int i = 0; i < count; ++i) {
      const auto& label = labels[static_cast<std::size_t>(i) % 2];
      const fs::path copy = dir_ / ("copy" + std::to_string(i) + ".avi");
      fs::copy_file(demo_clip(label, 1), copy, fs::copy_options::overwrite_existing);
      vidclass::testing::make_old(copy);
      csv << copy.string() << ',' << label << ",,test\n";
    }
  }

  [[nodiscard]] fs::path csv_path() const { return dir_ / "clips.csv"; }
  [[nodiscard]] Result vidclass(Arguments arguments) const {
    arguments.insert(arguments.end(), {"--cache", (dir_ / "cache").string()});
    return run(arguments);
  }
  [[nodiscard]] fs::path output(const std::string& name) const { return dir_ / name; }

private:
  TempDir dir_;
};

TEST_F(Leaking, IsListedByScanInJson) {
  write(1);
  const Json report = vidclass({"scan", csv_path(), "--json"}).json();
  ASSERT_EQ(report.at("leaks").size(), 1U) << report;
  const Json& leak = report.at("leaks")[0];
  EXPECT_EQ(leak.at("kind"), "same content");
  EXPECT_EQ(leak.at("splits"), Json({"train", "test"}));
  EXPECT_EQ(leak.at("clips").size(), 2U);
  EXPECT_EQ(report.at("near_duplicates_searched"), true);
}

TEST_F(Leaking, DoesNotFailScanUnlessAsked) {
  write(1);
  EXPECT_EQ(vidclass({"scan", csv_path(), "--quick"}).status, 0);
}

TEST_F(Leaking, FailsScanWhenAskedAfterItsReport) {
  write(1);
  const Result result = vidclass({"scan", csv_path(), "--quick", "--fail-on-leak", "--json"});
  EXPECT_EQ(result.status, 1);
  EXPECT_EQ(result.json().at("leaks").size(), 1U);
  ASSERT_EQ(result.error_lines().size(), 1U) << result.err;
  EXPECT_NE(result.error_lines()[0].find("1 of 3 test clips leak"), std::string::npos)
      << result.err;
}

TEST_F(Leaking, FailsTrainWhenAskedBeforeItsWork) {
  write(2);
  const Result result = vidclass(
      {"train", csv_path(), "-o", output("model"), "--backbone", "mini", "--fail-on-leak"});
  expect_failure(result, 1, {"2 of 4 test clips leak", "2 of the same content"});
  EXPECT_FALSE(fs::exists(output("model")));
}

TEST_F(Leaking, IsWarnedOfByTrainAndEvaluateInOneLine) {
  write(1);
  const auto warnings_of = [](const Result& result) {
    EXPECT_EQ(result.status, 0) << result.err;
    std::string warnings;
    std::istringstream lines(result.err);
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with("warning: ")) warnings += line + "\n";
    }
    return warnings;
  };
  const std::string of_train =
      warnings_of(vidclass({"train", csv_path(), "-o", output("model"), "--backbone", "mini",
                            "--epochs", "1", "--members", "1"}));
  EXPECT_EQ(std::count(of_train.begin(), of_train.end(), '\n'), 1) << of_train;
  EXPECT_NE(of_train.find("1 of 3 test clips leak from other splits"), std::string::npos)
      << of_train;
  const std::string of_evaluate = warnings_of(vidclass({"evaluate", output("model"), csv_path()}));
  EXPECT_EQ(std::count(of_evaluate.begin(), of_evaluate.end(), '\n'), 1) << of_evaluate;
  EXPECT_NE(of_evaluate.find("1 of 3 clips to test on"), std::string::npos) << of_evaluate;
}

/// The same, with a mirrored copy in place of the other ones.
class LeakingFootage : public Leaking {
protected:
  void SetUp() override {
    const fs::path clip = film_into("clip.avi", false);
    const fs::path copy = film_into("copy.avi", true);
    write(0);
    std::ofstream(csv_path(), std::ios::app) << clip.string() << ",Rise,,train\n"
                                             << copy.string() << ",Rise,,test\n";
  }

private:
  [[nodiscard]] fs::path film_into(const std::string& name, bool mirrored) const {
    fs::path path = vidclass::testing::film(output(name), {.mirrored = mirrored});
    vidclass::testing::make_old(path);
    return path;
  }
};

TEST_F(LeakingFootage, IsRepeatedByEvaluateOnceScanFoundIt) {
  EXPECT_EQ(vidclass({"scan", csv_path(), "--fail-on-leak"}).status, 1);
  EXPECT_EQ(vidclass({"train", csv_path(), "-o", output("model"), "--backbone", "mini", "--epochs",
                      "1", "--members", "1"})
                .status,
            0);
  const Result result = vidclass({"evaluate", output("model"), csv_path()});
  EXPECT_NE(result.err.find("1 of 3 test clips leak from other splits"), std::string::npos)
      << result.err;
  EXPECT_EQ(vidclass({"evaluate", output("model"), csv_path(), "--fail-on-leak"}).status, 1);
}

TEST_F(Leaking, IsNoMatterWhereItIsNot) {
  write(0);
  const Result result = vidclass({"scan", csv_path(), "--fail-on-leak"});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_NE(result.out.find("leaks across splits: none found"), std::string::npos) << result.out;
}

TEST_F(Leaking, StaysReadableWhateverItsNumber) {
  write(40);
  const Result result = vidclass({"scan", csv_path(), "--quick"});
  std::ptrdiff_t lines = std::count(result.out.begin(), result.out.end(), '\n');
  lines += std::count(result.err.begin(), result.err.end(), '\n');
  EXPECT_LT(lines, 30) << result.out << result.err;
}

TEST_F(Leaking, ScanDeepNamesADamagedClip) {
  write(0);
  const fs::path bad = output("bad.avi");
  fs::copy_file(demo_clip("Rise", 4), bad);
  {
    // The end of the pictures and the index behind them are lost.
    std::fstream file(bad, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(static_cast<std::streamoff>(fs::file_size(bad) / 2));
    file << std::string(fs::file_size(bad) / 4, '\x5A');
  }
  std::ofstream(csv_path(), std::ios::app) << bad.string() << ",Rise,,train\n";
  const Result result = vidclass({"scan", csv_path(), "--deep", "--json"});
  EXPECT_EQ(result.status, 3) << result.err;
  const Json report = result.json();
  EXPECT_EQ(report.at("damaged").size() + report.at("unusable").size(), 1U) << report;
}

}  // namespace
}  // namespace vidclass::cli::testing
