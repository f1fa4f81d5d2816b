// No command writes onto a file that it reads.
#include <gtest/gtest.h>

#include <filesystem>
#include <map>

#include "core/atomic_file.hpp"
#include "demo.hpp"

namespace vidclass::cli::testing {
namespace {

namespace fs = std::filesystem;

/// The content of every file below a folder.
std::map<fs::path, std::string> contents_below(const fs::path& folder) {
  std::map<fs::path, std::string> contents;
  for (const fs::path& file : files_below(folder)) {
    contents[file] = read_text_file(file);
  }
  return contents;
}

/// clips/Rise/*.avi, clips/Fall/*.avi, a list of them with a column of the user's own, and copies
/// of two of the clips under the name that annotated ones get.
class OwnFiles : public ::testing::Test {
protected:
  void SetUp() override {
    copy_classes(dir_ / "clips", {"Rise", "Fall"});
    fs::copy_file(demo_model(), dir_ / "model.safetensors");
    std::string list = "path,label,notes\n";
    for (const fs::path& clip : files_below(dir_ / "clips")) {
      list += fs::relative(clip, dir_.path()).string() + "," +
              clip.parent_path().filename().string() + ",mine\n";
    }
    write_text(dir_ / "manifest.csv", list);
    fs::create_directory(dir_ / "shot");
    fs::copy_file(demo_clip("Rise"), dir_ / "shot" / "one.mp4");
    fs::copy_file(demo_clip("Fall"), dir_ / "shot" / "two.mp4");
    fs::create_symlink("../shot/one.mp4", dir_ / "shot" / "link.mkv");
    fs::create_symlink("shot", dir_ / "elsewhere");
    before_ = contents_below(dir_.path());
  }

  void expect_refused(const Arguments& arguments) const {
    SCOPED_TRACE(arguments.at(0));
    expect_wrong_use(run(arguments), {"is read by this call and would be overwritten"});
    EXPECT_EQ(contents_below(dir_.path()), before_);
  }

  TempDir dir_;
  std::map<fs::path, std::string> before_;
};

TEST_F(OwnFiles, AreNoPlaceToAnnotate) {
  const std::string model = dir_ / "model.safetensors";
  const std::string clips = dir_ / "shot";
  expect_refused({"predict", model, clips, "--annotate", clips});
  expect_refused({"predict", model, dir_ / "shot" / "one.mp4", "--annotate", clips});
  expect_refused({"predict", model, clips, "--annotate", dir_ / "elsewhere"});
  expect_refused({"predict", model, clips, "--annotate", clips + "/../shot"});
  expect_refused(
      {"predict", model, dir_ / "shot" / "one.mp4", "--annotate", dir_ / "shot" / "link.mkv"});
}

TEST_F(OwnFiles, AreNoPlaceToExplain) {
  fs::copy_file(demo_clip("Rise"), dir_ / "shot" / "annotated.mp4");
  before_ = contents_below(dir_.path());
  expect_refused({"explain", dir_ / "model.safetensors", dir_ / "shot" / "annotated.mp4", "-o",
                  dir_ / "shot"});
}

TEST_F(OwnFiles, AreNoPlaceForLists) {
  const std::string list = dir_ / "manifest.csv";
  expect_refused({"scan", list, "--quick", "--write", list});
  expect_refused({"run", list, "-o", dir_.path(), "--backbone", "mini"});
  expect_refused({"evaluate", dir_ / "model.safetensors", list, "--predictions", list});
  expect_refused({"tune", list, "-o", list, "--backbone", "mini"});
}

TEST_F(OwnFiles, AreNoPlaceForArraysAndLogs) {
  const std::string list = dir_ / "manifest.csv";
  ASSERT_EQ(run({"extract", dir_ / "clips", "-o", dir_ / "arrays", "--backbone", "mini"}).status,
            0);
  before_ = contents_below(dir_.path());
  expect_refused({"extract", dir_ / "arrays", "-o", dir_ / "arrays"});
  expect_refused(
      {"train", list, "-o", dir_ / "m", "--backbone", "mini", "--log", list, "--overwrite"});
}

TEST_F(OwnFiles, AreNoPlaceForComparisons) {
  const Result evaluation =
      run({"evaluate", demo_model(), dir_ / "clips", "--split", "all", "--json"});
  write_text(dir_ / "one.json", evaluation.out);
  before_ = contents_below(dir_.path());
  expect_refused({"compare", dir_ / "one.json", dir_ / "one.json", "--report", dir_ / "one.json",
                  "--overwrite"});
}

TEST_F(OwnFiles, AreNoPlaceForModelsAndPages) {
  const std::string model = dir_ / "model.safetensors";
  const std::string clip = files_below(dir_ / "clips").at(0);
  expect_refused({"train", dir_ / "clips", "-o", clip, "--backbone", "mini"});
  expect_refused({"evaluate", model, dir_ / "clips", "--split", "all", "--report", model});
  expect_refused({"backbone", "quantise", "--calibrate", dir_ / "clips", "-o", clip});
  expect_refused({"bench", "pareto", dir_ / "clips", "--networks", "mini", "-o", clip});
}

}  // namespace
}  // namespace vidclass::cli::testing
