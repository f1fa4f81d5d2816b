// Models of Keras files.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "core/safetensors.hpp"
#include "demo.hpp"
#include "exchange/keras_writer.hpp"
#include "model/model.hpp"
#include "program.hpp"
#include "support/head_fixtures.hpp"

namespace vidclass::cli::testing {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t imported_features = 6;

class ImportedKeras : public ::testing::Test {
protected:
  void SetUp() override {
    model_.labels = {"a", "b", "c"};
    model_.heads = {vidclass::testing::made_up_head(
        {.kind = head::HeadKind::keras_gru, .features = imported_features, .labels = 3})};
    exchange::write_keras(model_, nullptr, file());
    write_text(labels(), "a\nb\n\nc\n");
  }

  [[nodiscard]] std::string file() const { return dir_ / "head.keras"; }
  [[nodiscard]] std::string labels() const { return dir_ / "labels.txt"; }
  [[nodiscard]] std::string output() const { return dir_ / "model.safetensors"; }
  [[nodiscard]] Result import(const Arguments& more = {}) const {
    Arguments words{"import", file(), "-o", output(), "--labels", labels()};
    words.insert(words.end(), more.begin(), more.end());
    return run(words);
  }

  TempDir dir_;
  model::Model model_;
};

TEST_F(ImportedKeras, PredictsFromArrays) {
  const Result result = import({"--arrays", "--json"});
  ASSERT_EQ(result.status, 0) << result.err;
  EXPECT_EQ(result.json().at("head"), "keras-gru");
  EXPECT_EQ(result.json().at("frames"), 20);
  const std::string clip = dir_ / "clip.safetensors";
  write_safetensors(clip,
                    {{"features", vidclass::testing::made_up_tensor({4, imported_features}, 3)}});
  const Result predicted = run({"predict", output(), clip, "--json"});
  EXPECT_EQ(predicted.status, 0) << predicted.err;
  EXPECT_EQ(predicted.json().at("clips")[0].at("predictions").size(), 3U);
}

TEST_F(ImportedKeras, IsComparedWithNoBaselineThatNobodyTrained) {
  ASSERT_EQ(import({"--arrays"}).status, 0);
  for (const char* name : {"a/1", "a/2", "b/1", "b/2", "c/1", "c/2"}) {
    const fs::path clip =
        fs::path(std::string(dir_ / "data")) / (name + std::string(".safetensors"));
    fs::create_directories(clip.parent_path());
    write_safetensors(
        clip, {{"features", vidclass::testing::made_up_tensor({4, imported_features}, name[2])}});
  }
  const std::string page = dir_ / "page.html";
  const Result scored =
      run({"evaluate", output(), dir_ / "data", "--split", "all", "--report", page, "--json"});
  ASSERT_EQ(scored.status, 0) << scored.err;
  EXPECT_TRUE(scored.json().at("baseline").is_null());
  EXPECT_TRUE(scored.json().at("tests").empty());
  EXPECT_EQ(scored.err.find("mean-pool"), std::string::npos) << scored.err;
}

TEST_F(ImportedKeras, KeepsTheParametersToTheBit) {
  ASSERT_EQ(import({"--arrays"}).status, 0);
  const SafetensorsFile written(output());
  for (const auto& [name, tensor] : model_.heads.front().parameters) {
    const Tensor found = written.load("heads/0/" + name);
    EXPECT_TRUE(std::equal(found.bytes().begin(), found.bytes().end(), tensor.bytes().begin(),
                           tensor.bytes().end()))
        << name;
  }
}

TEST_F(ImportedKeras, ThatReadsOtherFeaturesThanTheBackboneIsRefused) {
  expect_wrong_use(import({"--backbone", "mini"}), {"reads 6 features", "mini gives"});
}

TEST_F(ImportedKeras, NeedsALabelForEachOutput) {
  write_text(labels(), "a\nb\n");
  expect_wrong_use(import({"--arrays"}), {"3 outputs", "2 labels"});
  EXPECT_FALSE(fs::exists(output()));
}

TEST_F(ImportedKeras, IsNotWrittenOntoItsFile) {
  expect_wrong_use(run({"import", file(), "-o", file(), "--labels", labels(), "--arrays"}),
                   {"would be overwritten"});
}

}  // namespace
}  // namespace vidclass::cli::testing
