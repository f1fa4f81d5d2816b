#include "vidclass/core/input.hpp"

#include <gtest/gtest.h>

#include "support/files.hpp"
#include "support/temp_dir.hpp"
#include "vidclass/core/error.hpp"

namespace vidclass {
namespace {

using testing::message_of;

TEST(Input, ThatIsThereIsFine) {
  const testing::TempDir dir;
  EXPECT_NO_THROW(require_input(testing::put(dir / "file"), "a model"));
  EXPECT_NO_THROW(require_input(dir.path(), "a folder"));
}

TEST(Input, ThatIsNotThereIsWrongUseAndSaysWhatIsExpected) {
  EXPECT_EQ(message_of<UsageError>([] { require_input("no/such/file", "a model"); }),
            "no/such/file: no such file or folder; expected a model");
}

TEST(Input, ThatIsALinkToNothingIsNotThere) {
  const testing::TempDir dir;
  std::filesystem::create_symlink("gone", dir / "link");
  EXPECT_THROW(require_input(dir / "link", "a model"), UsageError);
}

}  // namespace
}  // namespace vidclass
