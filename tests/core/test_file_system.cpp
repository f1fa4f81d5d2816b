#include <gtest/gtest.h>

#include "core/file_system.hpp"
#include "support/temp_dir.hpp"

namespace vidclass {
namespace {

struct KnownType {
  std::uint32_t type;
  const char* name;
};

class NetworkFileSystem : public ::testing::TestWithParam<KnownType> {};

TEST_P(NetworkFileSystem, IsToldByItsType) {
  EXPECT_EQ(network_file_system_of(GetParam().type), GetParam().name);
}

INSTANTIATE_TEST_SUITE_P(Types, NetworkFileSystem,
                         ::testing::Values(KnownType{0x6969, "NFS"},
                                           KnownType{0x0BD00BD0, "Lustre"},
                                           KnownType{0x47504653, "GPFS"},
                                           KnownType{0xFF534D42, "CIFS"},
                                           KnownType{0x65735546, "FUSE"}),
                         [](const auto& each) { return std::string(each.param.name); });

TEST(FileSystem, OfOneMachineIsNone) {
  constexpr std::uint32_t ext4 = 0xEF53;
  EXPECT_EQ(network_file_system_of(ext4), "");
}

TEST(FileSystem, OfAFolderThatIsNotThereIsThatOfTheOneAbove) {
  const testing::TempDir dir;
  EXPECT_EQ(network_file_system(dir / "a/b"), network_file_system(dir.path()));
}

}  // namespace
}  // namespace vidclass
