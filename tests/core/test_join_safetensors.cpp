#include <gtest/gtest.h>

#include "core/join_safetensors.hpp"
#include "support/files.hpp"
#include "support/same_bytes.hpp"
#include "support/temp_dir.hpp"
#include "vidclass/error.hpp"

namespace vidclass {
namespace {

using testing::same_bytes;
using testing::TempDir;

class JoinedFiles : public ::testing::Test {
protected:
  JoinedFiles() {
    write_safetensors(dir_ / "a", {{"x", numbers_}, {"y", Tensor(DType::u8, {3})}});
    write_safetensors(dir_ / "b", {{"x", Tensor(DType::f64, {0, 2})}});
  }

  const TempDir dir_;
  const Tensor numbers_ = Tensor::from<float>({2}, std::vector<float>{1.5F, -2});
};

TEST_F(JoinedFiles, HoldAllTensorsBehindTheirPrefixes) {
  const std::vector<PrefixedFile> files{{"p/", dir_ / "a"}, {"q/", dir_ / "b"}};
  join_safetensors(dir_ / "all", files, {{"made", "here"}});
  const SafetensorsFile all(dir_ / "all");
  EXPECT_EQ(all.names(), (std::vector<std::string>{"p/x", "p/y", "q/x"}));
  EXPECT_TRUE(same_bytes(all.load("p/x"), numbers_));
  EXPECT_EQ(all.shape("q/x"), (Shape{0, 2}));
  EXPECT_EQ(all.metadata().at("made"), "here");
}

TEST_F(JoinedFiles, OfNoFilesIsAFile) {
  join_safetensors(dir_ / "all", {});
  EXPECT_TRUE(SafetensorsFile(dir_ / "all").names().empty());
}

TEST_F(JoinedFiles, RefuseANameThatComesTwice) {
  const std::vector<PrefixedFile> files{{"", dir_ / "a"}, {"", dir_ / "b"}};
  EXPECT_THROW(join_safetensors(dir_ / "all", files), Error);
  EXPECT_FALSE(std::filesystem::exists(dir_ / "all"));
}

}  // namespace
}  // namespace vidclass
