#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "vidclass/error.hpp"
#include "video/image.hpp"

namespace vidclass::video {
namespace {

Tensor gradient(std::size_t height, std::size_t width) {
  Tensor picture(DType::u8, {height, width, 3});
  auto values = picture.data<std::uint8_t>();
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = static_cast<std::uint8_t>(i * 7 % 251);
  return picture;
}

std::string start_of(const std::vector<std::byte>& bytes, std::size_t count) {
  return {reinterpret_cast<const char*>(bytes.data()), std::min(count, bytes.size())};
}

TEST(EncodeImage, PngBeginsAsAPng) {
  EXPECT_EQ(start_of(encode_image(gradient(5, 7), ImageKind::png), 4), "\x89PNG");
}

TEST(EncodeImage, JpegBeginsAsAJpeg) {
  EXPECT_EQ(start_of(encode_image(gradient(5, 7), ImageKind::jpeg), 3), "\xFF\xD8\xFF");
}

TEST(EncodeImage, GivesTheSameBytesForTheSamePicture) {
  EXPECT_EQ(encode_image(gradient(16, 16), ImageKind::jpeg),
            encode_image(gradient(16, 16), ImageKind::jpeg));
}

TEST(EncodeImage, OfAnotherShapeIsAnError) {
  EXPECT_THROW((void)encode_image(Tensor(DType::u8, {4, 4}), ImageKind::png), Error);
  EXPECT_THROW((void)encode_image(Tensor(DType::f32, {4, 4, 3}), ImageKind::png), Error);
  EXPECT_THROW((void)encode_image(Tensor(DType::u8, {0, 4, 3}), ImageKind::png), Error);
}

}  // namespace
}  // namespace vidclass::video
