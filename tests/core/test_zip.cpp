// Small zip archives.
#include <gtest/gtest.h>

#include <array>

#include "core/atomic_file.hpp"
#include "core/zip.hpp"
#include "support/temp_dir.hpp"
#include "vidclass/error.hpp"

namespace vidclass {
namespace {

std::vector<std::byte> some_bytes(std::size_t count) {
  std::vector<std::byte> bytes(count);
  for (std::size_t i = 0; i < count; ++i) bytes[i] = static_cast<std::byte>(i * 7);
  return bytes;
}

TEST(Zip, HoldsWhatWasPutIn) {
  const testing::TempDir dir;
  const ZipContent content{{"a.json", some_bytes(10)}, {"b", some_bytes(3'000'000)}, {"c", {}}};
  write_file_atomically(dir / "z.zip", make_zip(content));
  const std::array known{ZipMember{"a.json", 10}, ZipMember{"b", 3'000'000}, ZipMember{"c", 0},
                         ZipMember{"not there", 0}};
  EXPECT_EQ(read_zip(dir / "z.zip", known), content);
}

TEST(Zip, WithMoreThanAMemberMayHaveIsRefused) {
  const testing::TempDir dir;
  write_file_atomically(dir / "z.zip", make_zip({{"a", some_bytes(11)}}));
  const std::array known{ZipMember{"a", 10}};
  EXPECT_THROW(static_cast<void>(read_zip(dir / "z.zip", known)), Error);
}

}  // namespace
}  // namespace vidclass
