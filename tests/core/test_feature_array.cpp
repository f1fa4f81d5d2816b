#include "core/feature_array.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <limits>

#include "core/npy.hpp"
#include "core/safetensors.hpp"
#include "support/files.hpp"
#include "support/temp_dir.hpp"
#include "vidclass/error.hpp"

namespace vidclass {
namespace {

namespace fs = std::filesystem;
using testing::has;
using testing::message_of;
using testing::put;
using testing::TempDir;

template <typename T>
std::string bytes_of(const std::vector<T>& values) {
  std::string bytes(values.size() * sizeof(T), '\0');
  std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

/// A .npy file with the header given, padded as NumPy does.
std::string npy(const std::string& dict, const std::string& elements, int version = 1) {
  std::string header = dict;
  const std::size_t before = version == 1 ? 10 : 12;
  while ((before + header.size() + 1) % 64 != 0) header += ' ';
  header += '\n';
  std::string text("\x93NUMPY", 6);
  text += static_cast<char>(version);
  text += '\0';
  const auto length = static_cast<std::uint32_t>(header.size());
  text.append(reinterpret_cast<const char*>(&length), version == 1 ? 2 : 4);
  return text + header + elements;
}

std::string dict(const std::string& type, const std::string& shape, bool fortran = false) {
  return "{'descr': '" + type + "', 'fortran_order': " + (fortran ? "True" : "False") +
         ", 'shape': " + shape + ", }";
}

class FeatureArray : public ::testing::Test {
protected:
  fs::path put_npy(const std::string& content) const { return put(dir / "a.npy", content); }
  [[nodiscard]] static std::string refusal(const fs::path& path) {
    const std::string reason =
        message_of<ClipError>([&] { static_cast<void>(load_feature_array(path)); });
    EXPECT_EQ(message_of<ClipError>([&] { static_cast<void>(feature_array_shape(path)); }), reason);
    return reason;
  }
  [[nodiscard]] static std::vector<float> values(const fs::path& path) {
    const Tensor tensor = load_feature_array(path);
    const auto data = tensor.data<float>();
    return {data.begin(), data.end()};
  }
  TempDir dir;
};

const std::vector<float> six{1, -2, 3, 4, 5, 0.5};

TEST_F(FeatureArray, OfFloatsIsReadInEveryVersionOfNpy) {
  for (const int version : {1, 2, 3}) {
    const auto path = put_npy(npy(dict("<f4", "(2, 3)"), bytes_of(six), version));
    EXPECT_EQ(feature_array_shape(path).frames, 2U);
    EXPECT_EQ(feature_array_shape(path).width, 3U);
    EXPECT_EQ(values(path), six) << version;
  }
}

TEST_F(FeatureArray, OfDoublesIsReadAsFloats) {
  const std::vector<double> doubles(six.begin(), six.end());
  EXPECT_EQ(values(put_npy(npy(dict("<f8", "(3, 2)"), bytes_of(doubles)))), six);
}

TEST_F(FeatureArray, OfHalvesIsReadAsFloats) {
  // 1, -2, the least subnormal, the largest
  const std::vector<std::uint16_t> halves{0x3C00, 0xC000, 0x0001, 0x7BFF};
  EXPECT_EQ(values(put_npy(npy(dict("<f2", "(2, 2)"), bytes_of(halves)))),
            (std::vector<float>{1, -2, 0x1p-24F, 65504}));
}

TEST_F(FeatureArray, InFortranOrderIsTurned) {
  const std::vector<float> by_column{1, 4, -2, 5, 3, 0.5};
  EXPECT_EQ(values(put_npy(npy(dict("<f4", "(2, 3)", true), bytes_of(by_column)))), six);
}

TEST_F(FeatureArray, InSafetensorsIsTheOnlyMatrix) {
  write_safetensors(dir / "a.safetensors",
                    {{"x", Tensor::from<float>({2, 3}, six)}, {"times", Tensor(DType::f64, {2})}});
  EXPECT_EQ(values(dir / "a.safetensors"), six);
}

TEST_F(FeatureArray, InSafetensorsIsTheOneNamedFeatures) {
  write_safetensors(dir / "a.safetensors", {{"features", Tensor::from<float>({2, 3}, six)},
                                            {"other", Tensor(DType::f32, {2, 2})}});
  EXPECT_EQ(values(dir / "a.safetensors"), six);
}

TEST_F(FeatureArray, OfBfloatsIsReadAsFloats) {
  Tensor tensor(DType::bf16, {1, 2});
  const std::vector<std::uint16_t> bits{0x3F80, 0xC000};
  std::memcpy(tensor.bytes().data(), bits.data(), 4);
  write_safetensors(dir / "a.safetensors", {{"x", tensor}});
  EXPECT_EQ(values(dir / "a.safetensors"), (std::vector<float>{1, -2}));
}

TEST_F(FeatureArray, AmongSeveralMatricesIsRefused) {
  write_safetensors(dir / "a.safetensors",
                    {{"x", Tensor(DType::f32, {2, 3})}, {"y", Tensor(DType::f32, {2, 3})}});
  EXPECT_TRUE(has(refusal(dir / "a.safetensors"), "2 tensors of two dimensions (\"x\", \"y\")"));
}

TEST_F(FeatureArray, OfAnotherShapeIsRefused) {
  EXPECT_TRUE(has(refusal(put_npy(npy(dict("<f4", "(6,)"), bytes_of(six)))), "its shape is [6]"));
  EXPECT_TRUE(has(refusal(put_npy(npy(dict("<f4", "(1, 2, 3)"), bytes_of(six)))),
                  "its shape is [1, 2, 3]"));
  EXPECT_TRUE(has(refusal(put_npy(npy(dict("<f4", "(0, 3)"), ""))), "its shape is [0, 3]"));
}

TEST_F(FeatureArray, OfOtherElementsIsRefused) {
  for (const char* type : {"<i4", "|u1", "<i8", "|b1", "|O", "<c8"}) {
    EXPECT_TRUE(has(refusal(put_npy(npy(dict(type, "(2, 3)"), bytes_of(six)))),
                    "floats of 2, 4 or 8 bytes are needed"));
  }
  EXPECT_TRUE(has(refusal(put_npy(npy(dict(">f4", "(2, 3)"), bytes_of(six)))), "big-endian"));
  EXPECT_TRUE(has(refusal(put_npy(npy("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': "
                                      "(2,), }",
                                      ""))),
                  "records"));
}

TEST_F(FeatureArray, OfIntegersInSafetensorsIsRefused) {
  write_safetensors(dir / "a.safetensors", {{"x", Tensor(DType::i32, {2, 3})}});
  EXPECT_TRUE(has(refusal(dir / "a.safetensors"), "type I32; floats are needed"));
}

TEST_F(FeatureArray, ThatIsDamagedIsRefused) {
  const std::string whole = npy(dict("<f4", "(2, 3)"), bytes_of(six));
  EXPECT_TRUE(has(refusal(put_npy(whole.substr(0, whole.size() - 1))), "cut short"));
  EXPECT_TRUE(has(refusal(put_npy(whole + "x")), "damaged"));
  EXPECT_TRUE(has(refusal(put_npy(whole.substr(0, 40))), "ends within its header"));
  EXPECT_TRUE(has(refusal(put_npy(whole.substr(0, 9))), "cut short"));
  EXPECT_TRUE(has(refusal(put_npy("text")), "not a .npy file"));
  for (const char* header :
       {"", "{", "{}", "{'descr': '<f4'}", "{'shape': (2, 3), 'shape': (2, 3)}",
        "{'descr': '<f4', 'fortran_order': Maybe, 'shape': (2, 3)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-2, 3)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)} x"}) {
    EXPECT_TRUE(has(refusal(put_npy(npy(header, bytes_of(six)))), "header is damaged")) << header;
  }
}

TEST_F(FeatureArray, ThatClaimsMoreThanMemoryIsRefused) {
  const std::string huge = "(4294967296, 4294967296)";
  EXPECT_NE(refusal(put_npy(npy(dict("<f4", huge), bytes_of(six)))), "(nothing thrown)");
}

TEST_F(FeatureArray, ThatIsNotThereIsNamed) {
  EXPECT_EQ(refusal(dir / "gone.npy"), (dir / "gone.npy").string() + ": file not found");
}

TEST_F(FeatureArray, WithValuesThatAreNotFiniteIsRefusedOnceRead) {
  const auto nan = std::numeric_limits<float>::quiet_NaN();
  const auto path = put_npy(npy(dict("<f4", "(1, 2)"), bytes_of(std::vector<float>{1, nan})));
  EXPECT_TRUE(has(message_of<ClipError>([&] { static_cast<void>(load_feature_array(path)); }),
                  "not finite"));
  // 1e300 is no float32.
  const auto big = put_npy(npy(dict("<f8", "(1, 1)"), bytes_of(std::vector<double>{1e300})));
  EXPECT_TRUE(has(message_of<ClipError>([&] { static_cast<void>(load_feature_array(big)); }),
                  "not finite"));
}

}  // namespace
}  // namespace vidclass
