// Files that are there already are the user's, unless vidclass wrote them.
#include <gtest/gtest.h>

#include <filesystem>

#include "core/atomic_file.hpp"
#include "demo.hpp"
#include "exchange/keras_writer.hpp"
#include "support/head_fixtures.hpp"

namespace vidclass::cli::testing {
namespace {

namespace fs = std::filesystem;

/// A call that writes `output`, a path below a folder that is given for "DIR/".
struct Writing {
  const char* name;
  std::vector<std::string> words;
  const char* output;
};

std::ostream& operator<<(std::ostream& out, const Writing& each) { return out << each.name; }

class ExistingFile : public ::testing::TestWithParam<Writing> {
protected:
  void SetUp() override { copy_classes(dir_ / "clips", {"Rise", "Fall"}); }

  [[nodiscard]] Result call(const Arguments& more = {}) const {
    Arguments words;
    for (std::string word : GetParam().words) {
      if (word == "MODEL") word = demo_model();
      if (word == "CLIP") word = demo_clip("Rise");
      if (word == "KERAS") word = keras_file();
      if (word.starts_with("DIR/")) word = dir_ / word.substr(4);
      words.push_back(word);
    }
    words.insert(words.end(), more.begin(), more.end());
    return run(words);
  }
  /// Of a network with two outputs.
  [[nodiscard]] std::string keras_file() const {
    model::Model model;
    model.labels = {"Rise", "Fall"};
    model.heads = {vidclass::testing::made_up_head(
        {.kind = head::HeadKind::keras_gru, .features = 6, .labels = 2})};
    exchange::write_keras(model, {}, dir_ / "head.keras");
    write_text(dir_ / "labels.txt", "Rise\nFall\n");
    return dir_ / "head.keras";
  }
  [[nodiscard]] fs::path output() const { return dir_ / GetParam().output; }

  TempDir dir_;
};

TEST_P(ExistingFile, OfTheUserIsKept) {
  write_file_atomically(output(), "the user's");
  expect_wrong_use(call(), {"is there already", "overwrite"});
  EXPECT_EQ(read_text_file(output()), "the user's");
}

TEST_P(ExistingFile, OfTheUserIsReplacedOnRequest) {
  write_file_atomically(output(), "the user's");
  EXPECT_EQ(call({"--overwrite"}).status, 0);
  EXPECT_NE(read_text_file(output()), "the user's");
}

TEST_P(ExistingFile, OfAnEarlierCallIsReplaced) {
  ASSERT_EQ(call().status, 0);
  const Result again = call();
  EXPECT_EQ(again.status, 0) << again.err;
}

INSTANTIATE_TEST_SUITE_P(
    Commands, ExistingFile,
    ::testing::Values(
        Writing{"Annotate", {"predict", "MODEL", "CLIP", "--annotate", "DIR/a.mp4"}, "a.mp4"},
        Writing{"Explain", {"explain", "MODEL", "CLIP", "-o", "DIR/why"}, "why/frames.png"},
        Writing{"Report", {"evaluate", "MODEL", "DIR/clips", "--report", "DIR/r.html"}, "r.html"},
        Writing{"Predictions",
                {"evaluate", "MODEL", "DIR/clips", "--predictions", "DIR/p.csv"},
                "p.csv"},
        Writing{"Model",
                {"train", "DIR/clips", "-o", "DIR/m.safetensors", "--backbone", "mini", "--head",
                 "mean"},
                "m.safetensors"},
        Writing{"EpochLog",
                {"train", "DIR/clips", "-o", "DIR/m", "--backbone", "mini", "--head", "mean",
                 "--log", "DIR/epochs.jsonl"},
                "epochs.jsonl"},
        Writing{"Export", {"export", "MODEL", "--to", "openvino", "-o", "DIR/net.xml"}, "net.xml"},
        Writing{"ModelCard",
                {"export", "MODEL", "--to", "openvino", "-o", "DIR/net.xml"},
                "MODEL_CARD.md"},
        Writing{"Run",
                {"run", "DIR/clips", "-o", "DIR/out", "--backbone", "mini", "--head", "mean",
                 "--no-compare"},
                "out/predictions.csv"},
        Writing{"Import",
                {"import", "KERAS", "-o", "DIR/m.safetensors", "--labels", "DIR/labels.txt",
                 "--arrays"},
                "m.safetensors"},
        Writing{"Arrays",
                {"extract", "DIR/clips", "-o", "DIR/f", "--backbone", "mini"},
                "f/Fall/v_Fall_g01_c01.npy"},
        Writing{"Table",
                {"extract", "DIR/clips", "-o", "DIR/f.jsonl", "--backbone", "mini"},
                "f.jsonl"},
        Writing{"OneFile",
                {"extract", "DIR/clips", "-o", "DIR/f.safetensors", "--backbone", "mini"},
                "f.safetensors"},
        Writing{"Shard",
                {"extract", "DIR/clips", "-o", "DIR/s.safetensors", "--backbone", "mini", "--shard",
                 "0/2"},
                "s.safetensors"}),
    [](const auto& each) { return std::string(each.param.name); });

TEST(ExistingManifest, IsKeptByScanThatWroteItToo) {
  // A list is there to be edited by its user.
  const TempDir dir;
  const Arguments words{"scan", demo_clips(), "--quick", "--write", dir / "clips.csv"};
  ASSERT_EQ(run(words).status, 0);
  expect_wrong_use(run(words), {"clips.csv", "overwrite"});
}

}  // namespace
}  // namespace vidclass::cli::testing
