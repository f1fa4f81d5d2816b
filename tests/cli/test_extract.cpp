// extract without labels, and what it writes.
#include <gtest/gtest.h>

#include <sstream>

#include "core/atomic_file.hpp"
#include "core/feature_array.hpp"
#include "core/safetensors.hpp"
#include "demo.hpp"

namespace vidclass::cli::testing {
namespace {

namespace fs = std::filesystem;

Result extract(Arguments words) {
  words.insert(words.begin(), "extract");
  words.insert(words.end(), {"--backbone", "mini", "--json"});
  return run(words);
}

TEST(ExtractWithoutLabels, TakesClips) {
  const Result result = extract({demo_clip("Rise"), demo_clip("Fall")});
  ASSERT_EQ(result.status, 0) << result.err;
  EXPECT_EQ(result.json().at("clips"), 2);
}

TEST(ExtractWithoutLabels, TakesAFolderWithoutClasses) {
  const TempDir dir;
  fs::copy_file(demo_clip("Rise"), dir / "a.avi");
  fs::copy_file(demo_clip("Fall"), dir / "b.avi");
  const Result result = extract({dir.path()});
  ASSERT_EQ(result.status, 0) << result.err;
  EXPECT_EQ(result.json().at("clips"), 2);
}

TEST(ExtractWithoutLabels, TakesAFolderOfOneClass) {
  const TempDir dir;
  copy_classes(dir.path(), {"Rise"});
  const Result result = extract({dir.path()});
  ASSERT_EQ(result.status, 0) << result.err;
  EXPECT_EQ(result.json().at("clips"), 4);
}

TEST(ExtractWithoutLabels, TakesAListOnStandardInput) {
  const std::string list = demo_clip("Rise").string() + "\n" + demo_clip("Fall").string() + "\n";
  const Result result = run({"extract", "-", "--backbone", "mini", "--json"}, {}, list);
  ASSERT_EQ(result.status, 0) << result.err;
  EXPECT_EQ(result.json().at("clips"), 2);
}

TEST(ExtractWithoutLabels, RefusesAFolderWithoutClips) {
  const TempDir dir;
  fs::create_directory(dir / "empty");
  expect_wrong_use(run({"extract", dir / "empty", "--backbone", "mini"}),
                   {"empty", "without videos"});
}

TEST(ExtractWithoutLabels, GoesOnWithoutClipsThatCannotBeRead) {
  const TempDir dir;
  write_text(dir / "broken.avi", "no video");
  const Result result = extract({demo_clip("Rise"), dir / "broken.avi"});
  EXPECT_EQ(result.status, 3) << result.err;
  EXPECT_EQ(result.json().at("unusable").size(), 1U);
}

TEST(ExtractOutput, OfADataSetIsAnArrayAClipInFoldersByClass) {
  const TempDir out;
  const Result result = extract({demo_clips(), "-o", out / "arrays"});
  ASSERT_EQ(result.status, 0) << result.err;
  auto files = files_below(out / "arrays");
  std::erase_if(files, [](const fs::path& file) { return file.extension() != ".npy"; });
  EXPECT_EQ(files.size(), 32U);
  EXPECT_TRUE(fs::is_directory(out / "arrays" / "Rise"));
}

TEST(ExtractOutput, OfOneClipMayBeOneArray) {
  const TempDir out;
  ASSERT_EQ(extract({demo_clip("Rise"), "-o", out / "rise.npy"}).status, 0);
  EXPECT_EQ(load_feature_array(out / "rise.npy").dim(0), 20U);
}

TEST(ExtractOutput, AsSafetensorsIsAnArrayForEachPath) {
  const TempDir out;
  ASSERT_EQ(extract({demo_clip("Rise"), demo_clip("Fall"), "-o", out / "all.safetensors"}).status,
            0);
  const SafetensorsFile file(out / "all.safetensors");
  EXPECT_EQ(file.names().size(), 2U);
  EXPECT_TRUE(file.load_all().contains(demo_clip("Rise").string()));
}

TEST(ExtractOutput, AsJsonLinesIsAVectorForEachPathInOrder) {
  const TempDir out;
  ASSERT_EQ(extract({demo_clip("Rise"), demo_clip("Fall"), "-o", out / "all.jsonl"}).status, 0);
  std::istringstream text(read_text_file(out / "all.jsonl"));
  std::vector<std::string> paths;
  for (std::string line; std::getline(text, line);) {
    const Json document = parse_json(line);
    paths.push_back(document.at("path").get<std::string>());
    EXPECT_EQ(document.at("frames"), 20);
    EXPECT_GT(document.at("vector").size(), 100U);
  }
  EXPECT_EQ(paths, (std::vector<std::string>{demo_clip("Rise"), demo_clip("Fall")}));
}

TEST(ExtractOutput, OfAnotherEndingIsRefusedBeforeAnyWork) {
  const TempDir out;
  expect_wrong_use(run({"extract", demo_clip("Rise"), demo_clip("Fall"), "--backbone", "mini", "-o",
                        out / "all.npy"}),
                   {"all.npy", ".safetensors", ".jsonl"});
}

TEST(ExtractOutput, IsNeverAClipThatIsRead) {
  const TempDir dir;
  fs::copy_file(demo_clip("Rise"), dir / "clip.npy");
  const std::string before = read_text_file(dir / "clip.npy");
  const Result result = run({"extract", "-", "--backbone", "mini", "-o", dir / "clip.npy"}, {},
                            (dir / "clip.npy").string() + "\n");
  EXPECT_NE(result.status, 0);
  EXPECT_EQ(read_text_file(dir / "clip.npy"), before);
}

}  // namespace
}  // namespace vidclass::cli::testing
