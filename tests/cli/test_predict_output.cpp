// The forms in which predict prints, lists its clips and draws onto them.
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "core/csv.hpp"
#include "demo.hpp"

namespace vidclass::cli::testing {
namespace {

TEST(PredictCsv, HasARowAPredictionAndOneAnUnusableClip) {
  const TempDir dir;
  write_text(dir / "bad, \"file\".avi", "no video");
  const Result result = run({"predict", demo_model(), demo_clip("Rise"), dir / "bad, \"file\".avi",
                             "--csv", "--top", "3"});
  EXPECT_EQ(result.status, 3) << result.err;
  const auto rows = parse_csv(result.out, "stdout");
  ASSERT_EQ(rows.size(), 5U);
  EXPECT_EQ(rows[0].fields,
            (std::vector<std::string>{"path", "rank", "label", "probability", "error"}));
  EXPECT_EQ(rows[1].fields.at(1), "1");
  EXPECT_EQ(rows[3].fields.at(1), "3");
  EXPECT_EQ(rows[4].fields.at(0), dir / "bad, \"file\".avi");
  EXPECT_FALSE(rows[4].fields.at(4).empty());
}

TEST(PredictJsonLines, AreADocumentALine) {
  const Result result =
      run({"predict", demo_model(), demo_clip("Rise"), demo_clip("Fall"), "--jsonl"});
  EXPECT_EQ(result.status, 0) << result.err;
  std::istringstream lines(result.out);
  std::size_t count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    EXPECT_EQ(parse_json(line).at("predictions").size(), 5U);
  }
  EXPECT_EQ(count, 2U);
}

TEST(PredictText, IsPlainWhenPiped) {
  const Result result = run({"predict", demo_model(), demo_clip("Rise"), "--top", "2"});
  EXPECT_EQ(result.out.find("\xE2\x96"), std::string::npos);  // no bars
  EXPECT_EQ(std::count(result.out.begin(), result.out.end(), '%'), 2);
}

TEST(PredictList, ComesFromStandardInput) {
  const std::string list = demo_clip("Rise").string() + "\n\n" + demo_clip("Fall").string() + "\n";
  const Result result = run({"predict", demo_model(), "-", "--json"}, {}, list);
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_EQ(result.json().at("clips").size(), 2U);
}

TEST(PredictList, MayBeSeparatedByNul) {
  const std::string list = demo_clip("Rise").string() + '\0' + demo_clip("Fall").string();
  const Result result = run({"predict", demo_model(), "-", "--json"}, {}, list);
  EXPECT_EQ(result.json().at("clips").size(), 2U);
}

TEST(PredictList, ThatIsEmptyIsWrongUse) {
  expect_wrong_use(run({"predict", demo_model(), "-"}), {"standard input"});
}

TEST(PredictClip, WhoseNameBeginsWithADashStandsBehindTwo) {
  const TempDir dir;
  std::filesystem::copy(demo_clip("Rise"), dir / "-x.avi");
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(dir.path());
  const Result result = run({"predict", "--json", demo_model(), "--", "-x.avi"});
  std::filesystem::current_path(before);
  EXPECT_EQ(result.status, 0) << result.err;
}

TEST(PredictForms, ExcludeEachOther) {
  expect_wrong_use(run({"predict", demo_model(), demo_clip("Rise"), "--csv", "--jsonl"}),
                   {"--csv", "--jsonl"});
  expect_wrong_use(run({"predict", demo_model(), demo_clip("Rise"), "--csv", "--json"}),
                   {"--csv", "--json"});
}

TEST(PredictAnnotate, WritesAVideoOfTheSameFrames) {
  const TempDir dir;
  const Result result =
      run({"predict", "--json", demo_model(), demo_clip("Rise"), "--annotate", dir / "out.mp4"});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_NE(result.err.find("without sound"), std::string::npos);
  const Json annotated = result.json().at("clips").at(0).at("annotated");
  EXPECT_GT(annotated.at("frames").get<int>(), 20);
  // And the list that says whose it is.
  EXPECT_EQ(files_below(dir.path()).size(), 2U);
}

TEST(PredictAnnotate, WritesAFolderForSeveralClips) {
  const TempDir dir;
  std::filesystem::create_directories(dir / "a");
  std::filesystem::copy(demo_clip("Rise"), dir / "a/same.avi");
  std::filesystem::create_directories(dir / "b");
  std::filesystem::copy(demo_clip("Fall"), dir / "b/same.avi");
  const Result result =
      run({"predict", demo_model(), dir / "a", dir / "b", "--annotate", dir / "out"});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_TRUE(std::filesystem::exists(dir / "out/same.mp4"));
  EXPECT_TRUE(std::filesystem::exists(dir / "out/same-2.mp4"));
}

TEST(PredictAnnotate, IntoOneFileOfSeveralClipsIsWrongUse) {
  const TempDir dir;
  expect_wrong_use(run({"predict", demo_model(), demo_clip("Rise"), demo_clip("Fall"), "--annotate",
                        dir / "out.mp4"}),
                   {"out.mp4", "folder"});
}

TEST(PredictAnnotate, OfAnotherEndingIsWrongUse) {
  const TempDir dir;
  expect_wrong_use(run({"predict", demo_model(), demo_clip("Rise"), "--annotate", dir / "out.txt"}),
                   {"out.txt", ".mp4"});
}

TEST(PredictAnnotate, PrintsThePredictionsWhereAVideoCannotBeWritten) {
  const TempDir dir;
  fs::create_directories(dir / "out" / (demo_clip("Rise").stem().string() + ".mp4") / "in the way");
  const Result result = run({"predict", demo_model(), demo_clip("Rise"), demo_clip("Fall"),
                             "--annotate", dir / "out", "--jsonl"});
  EXPECT_EQ(result.status, 3) << result.err;
  std::vector<Json> lines;
  for (const std::string& line : lines_of(result.out)) lines.push_back(Json::parse(line));
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_FALSE(lines[0].at("predictions").empty());
  EXPECT_NE(lines[0].at("error").get<std::string>().find(".mp4: "), std::string::npos);
  EXPECT_TRUE(fs::exists(lines[1].at("annotated").at("path").get<std::string>()));
}

TEST(PredictAnnotate, NeverOverwritesTheClip) {
  const TempDir dir;
  std::filesystem::copy(demo_clip("Rise"), dir / "clip.mp4");
  expect_wrong_use(run({"predict", demo_model(), dir / "clip.mp4", "--annotate", dir / "clip.mp4"}),
                   {"clip.mp4", "is read by this call"});
}

}  // namespace
}  // namespace vidclass::cli::testing
