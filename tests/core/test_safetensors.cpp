#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <string>
#include <vector>

#include "core/safetensors.hpp"
#include "core/safetensors_maker.hpp"
#include "support/temp_dir.hpp"
#include "vidclass/error.hpp"

namespace vidclass {
namespace {

using testing::make_safetensors;
using testing::TempDir;

class Safetensors : public ::testing::Test {
protected:
  TempDir dir;
  std::filesystem::path path = dir / "file.safetensors";

  void write_example() const {
    write_safetensors(
        path,
        {{"weights", Tensor::from<float>({2, 3}, std::vector<float>{1, 2, 3, 4, 5, 6})},
         {"bytes", Tensor::from<std::uint8_t>({3}, std::vector<std::uint8_t>{7, 8, 9})},
         {"scalar", Tensor::from<double>({}, std::vector<double>{0.5})}},
        {{"author", "someone"}});
  }
  /// What opening the file says; empty if it opens.
  std::string complaint() const {
    try {
      const SafetensorsFile file(path);
      return "";
    } catch (const Error& error) {
      return error.what();
    }
  }
};

TEST_F(Safetensors, KeepNames) {
  write_example();
  EXPECT_EQ(SafetensorsFile(path).names(),
            (std::vector<std::string>{"bytes", "scalar", "weights"}));
}

TEST_F(Safetensors, KeepShapes) {
  write_example();
  const SafetensorsFile file(path);
  EXPECT_EQ(file.shape("weights"), (Shape{2, 3}));
  EXPECT_EQ(file.shape("scalar"), Shape{});
}

TEST_F(Safetensors, KeepElementTypes) {
  write_example();
  const SafetensorsFile file(path);
  EXPECT_EQ(file.dtype("bytes"), DType::u8);
  EXPECT_EQ(file.dtype("scalar"), DType::f64);
}

TEST_F(Safetensors, KeepValues) {
  write_example();
  const Tensor weights = SafetensorsFile(path).load("weights");
  EXPECT_EQ(weights.data<float>()[5], 6);
}

TEST_F(Safetensors, KeepMetadata) {
  write_example();
  EXPECT_EQ(SafetensorsFile(path).metadata(), (Metadata{{"author", "someone"}}));
}

TEST_F(Safetensors, LoadAllTensorsAtOnce) {
  write_example();
  const NamedTensors all = SafetensorsFile(path).load_all();
  EXPECT_EQ(all.size(), 3U);
  EXPECT_EQ(all.at("bytes").data<std::uint8_t>()[2], 9);
}

TEST_F(Safetensors, StayReadableAfterAMove) {
  write_example();
  SafetensorsFile first(path);
  const SafetensorsFile second(std::move(first));
  EXPECT_TRUE(second.contains("scalar"));
}

TEST_F(Safetensors, StayReadableWhileTheFileIsReplaced) {
  write_example();
  const SafetensorsFile file(path);
  write_safetensors(path, {});
  EXPECT_EQ(file.load("weights").data<float>()[0], 1);
}

TEST_F(Safetensors, MayHoldNothing) {
  write_safetensors(path, {});
  EXPECT_TRUE(SafetensorsFile(path).names().empty());
}

TEST_F(Safetensors, MayHoldEmptyTensors) {
  write_safetensors(path, {{"a", Tensor(DType::f32, {0, 4})},
                           {"b", Tensor(DType::f32, {1})},
                           {"c", Tensor(DType::f32, {0})}});
  EXPECT_EQ(SafetensorsFile(path).load("a").shape(), (Shape{0, 4}));
}

class SafetensorsOfType : public Safetensors, public ::testing::WithParamInterface<DType> {};

TEST_P(SafetensorsOfType, AreReadAsTheyWereWritten) {
  Tensor tensor(GetParam(), {3});
  for (std::size_t i = 0; i < tensor.bytes().size(); ++i) {
    tensor.bytes()[i] = static_cast<std::byte>(i + 1);
  }
  write_safetensors(path, {{"a", tensor}});
  const Tensor read = SafetensorsFile(path).load("a");
  EXPECT_EQ(read.dtype(), GetParam());
  EXPECT_TRUE(std::equal(read.bytes().begin(), read.bytes().end(), tensor.bytes().begin(),
                         tensor.bytes().end()));
}

INSTANTIATE_TEST_SUITE_P(Each, SafetensorsOfType,
                         ::testing::Values(DType::f64, DType::f32, DType::f16, DType::bf16,
                                           DType::i64, DType::i32, DType::u8),
                         [](const auto& test) { return std::string(name_of(test.param)); });

TEST_F(Safetensors, AlignTheContentToEightBytes) {
  write_safetensors(path, {{"name", Tensor(DType::f64, {1})}}, {{"k", "v"}});
  EXPECT_EQ(std::filesystem::file_size(path) % 8, 0U);
}

TEST_F(Safetensors, WithoutATensorOfThatNameThrow) {
  write_example();
  EXPECT_THROW((void)SafetensorsFile(path).load("nonesuch"), Error);
}

TEST_F(Safetensors, LeaveTheOldFileWhenNamesAreNotUtf8) {
  write_example();
  EXPECT_THROW(write_safetensors(path, {{"\xE9", Tensor(DType::u8, {1})}}), Error);
  EXPECT_TRUE(SafetensorsFile(path).contains("scalar"));
}

TEST_F(Safetensors, RefuseMetadataThatIsNotUtf8) {
  EXPECT_THROW(write_safetensors(path, {}, {{"label", "\xE9"}}), Error);
}

TEST_F(Safetensors, RefuseATensorNamedLikeTheMetadata) {
  EXPECT_THROW(write_safetensors(path, {{"__metadata__", Tensor(DType::u8, {1})}}), Error);
}

TEST_F(Safetensors, ThatAreMissingThrowAnErrorNamingThem) {
  EXPECT_NE(complaint().find(path.string()), std::string::npos);
}

TEST_F(Safetensors, ThatAreAFolderThrow) {
  std::filesystem::create_directories(path);
  EXPECT_NE(complaint(), "");
}

TEST_F(Safetensors, CutShortAnywhereThrow) {
  write_example();
  for (auto size = std::filesystem::file_size(path); size > 0; --size) {
    std::filesystem::resize_file(path, size - 1);
    EXPECT_NE(complaint(), "") << "cut to " << size - 1 << " bytes";
  }
}

TEST_F(Safetensors, WithBytesAfterTheEndThrow) {
  write_example();
  std::ofstream(path, std::ios::binary | std::ios::app) << "more";
  EXPECT_NE(complaint(), "");
}

TEST_F(Safetensors, WhoseHeaderIsLargerThanTheFileThrow) {
  make_safetensors(path, 1000, "{}", 0);
  EXPECT_NE(complaint(), "");
}

TEST_F(Safetensors, WhoseHeaderIsHugeThrow) {
  make_safetensors(path, ~std::uint64_t{0}, "{}", 0);
  EXPECT_NE(complaint(), "");
}

TEST_F(Safetensors, DamagedThrowAnErrorNamingTheFile) {
  make_safetensors(path, "{", 0);
  EXPECT_NE(complaint().find(path.string()), std::string::npos);
}

struct Header {
  const char* name;
  std::string text;
  std::size_t content = 8;
};

std::string entry(const std::string& type, const std::string& shape, const std::string& offsets) {
  return R"({"dtype":)" + type + R"(,"shape":)" + shape + R"(,"data_offsets":)" + offsets + "}";
}
std::string header(const std::string& type, const std::string& shape, const std::string& offsets) {
  return R"({"a":)" + entry(type, shape, offsets) + "}";
}
std::string two(const std::string& first, const std::string& second) {
  return R"({"a":)" + entry("\"F32\"", "[1]", first) + R"(,"b":)" +
         entry("\"F32\"", "[1]", second) + "}";
}

class DamagedSafetensors : public Safetensors, public ::testing::WithParamInterface<Header> {};

TEST_P(DamagedSafetensors, Throw) {
  make_safetensors(path, GetParam().text, GetParam().content);
  EXPECT_NE(complaint(), "");
}

INSTANTIATE_TEST_SUITE_P(
    Header, DamagedSafetensors,
    ::testing::Values(
        Header{"Empty", "", 0}, Header{"NotJson", "hello", 0}, Header{"Unfinished", "{\"a\":", 0},
        Header{"AnArray", "[]", 0}, Header{"ANumber", "1", 0}, Header{"Null", "null", 0},
        Header{"EntryIsNoObject", "{\"a\":1}", 0}, Header{"EntryIsEmpty", "{\"a\":{}}", 0},
        Header{"NoType", R"({"a":{"shape":[2],"data_offsets":[0,8]}})"},
        Header{"NoShape", R"({"a":{"dtype":"F32","data_offsets":[0,8]}})"},
        Header{"NoOffsets", R"({"a":{"dtype":"F32","shape":[2]}})"},
        Header{"TypeIsUnknown", header("\"F8\"", "[2]", "[0,8]")},
        Header{"TypeIsANumber", header("1", "[2]", "[0,8]")},
        Header{"ShapeIsANumber", header("\"F32\"", "2", "[0,8]")},
        Header{"ShapeIsNull", header("\"F64\"", "null", "[0,8]")},
        Header{"ShapeIsAnObject", header("\"F32\"", R"({"x":2})", "[0,8]")},
        Header{"ShapeIsNegative", header("\"F32\"", "[-2]", "[0,8]")},
        Header{"ShapeIsFractional", header("\"F32\"", "[2.0]", "[0,8]")},
        Header{"ShapeOverflows", header("\"F32\"", "[4294967296,4294967296,4294967296]", "[0,8]")},
        Header{"ShapeOverflowsToTheRightSize", header("\"F64\"", "[2305843009213693953]", "[0,8]")},
        Header{"ShapeIsTooLarge", header("\"F32\"", "[3]", "[0,8]")},
        Header{"ShapeIsTooSmall", header("\"F32\"", "[1]", "[0,8]")},
        Header{"OffsetsAreOne", header("\"F32\"", "[2]", "[0]")},
        Header{"OffsetsAreThree", header("\"F32\"", "[2]", "[0,8,8]")},
        Header{"OffsetsAreANumber", header("\"F32\"", "[2]", "8")},
        Header{"OffsetsAreAnObject", header("\"F32\"", "[2]", R"({"a":0,"b":8})")},
        Header{"OffsetsAreNegative", header("\"F32\"", "[2]", "[-8,0]")},
        Header{"OffsetsAreTurned", header("\"F32\"", "[2]", "[8,0]")},
        Header{"OffsetsGoBeyondTheEnd", header("\"F32\"", "[2]", "[8,16]")},
        Header{"OffsetsAreHuge",
               header("\"F32\"", "[2]", "[18446744073709551607,18446744073709551615]")},
        Header{"OffsetsLeaveAGapBefore", header("\"F32\"", "[1]", "[4,8]")},
        Header{"OffsetsLeaveAGapBehind", header("\"F32\"", "[1]", "[0,4]")},
        Header{"TensorsOverlap", two("[0,4]", "[2,6]"), 6},
        Header{"TensorsAreTheSame", two("[0,4]", "[0,4]"), 4},
        Header{"TensorsOverlapAndLeaveAGap", two("[0,4]", "[0,4]"), 8},
        Header{"TensorsLeaveAGap", two("[0,4]", "[8,12]"), 12},
        Header{"MetadataIsNoObject", R"({"__metadata__":1})", 0},
        Header{"MetadataHoldsANumber", R"({"__metadata__":{"a":1}})", 0},
        Header{"NameIsNotUtf8", "{\"\xE9\":" + entry("\"F32\"", "[2]", "[0,8]") + "}"}),
    [](const auto& test) { return test.param.name; });

TEST_F(Safetensors, MayListTensorsInAnyOrder) {
  make_safetensors(path, two("[4,8]", "[0,4]"), 8);
  EXPECT_EQ(complaint(), "");
}

TEST_F(Safetensors, MayPadTheirHeaderWithSpaces) {
  make_safetensors(path, header("\"F32\"", "[2]", "[0,8]") + "   ", 8);
  EXPECT_EQ(complaint(), "");
}

}  // namespace
}  // namespace vidclass
