#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <vector>

#include "core/npy_writer.hpp"
#include "support/temp_dir.hpp"
#include "vidclass/error.hpp"

namespace vidclass {
namespace {

std::string written(const Tensor& tensor) {
  const testing::TempDir dir;
  write_npy(dir / "a.npy", tensor);
  std::ifstream file(dir / "a.npy", std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(NpyWriter, WritesTheHeaderThatNumPyReads) {
  const std::string file = written(Tensor::from<float>({2, 3}, std::vector<float>(6, 1)));
  EXPECT_EQ(file.substr(0, 6), "\x93NUMPY");
  EXPECT_EQ(file.substr(10, 61), "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3, ), }");
  const std::size_t header = 10 + static_cast<unsigned char>(file[8]);
  EXPECT_EQ(header % 64, 0U);
  EXPECT_EQ(file[header - 1], '\n');
  EXPECT_EQ(file.size(), header + 24);
}

TEST(NpyWriter, WritesOneDimensionAsATuple) {
  const std::string file = written(Tensor::from<double>({1}, std::vector<double>{2}));
  EXPECT_NE(file.find("'shape': (1, )"), std::string::npos);
}

TEST(NpyWriter, RefusesWhatNumPyDoesNotKnow) {
  EXPECT_THROW((void)written(Tensor(DType::bf16, {2})), Error);
}

}  // namespace
}  // namespace vidclass
