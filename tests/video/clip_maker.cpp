#include "video/clip_maker.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fstream>
#include <random>
#include <vector>

#include "core/atomic_file.hpp"
#include "video/clip_writer.hpp"

namespace vidclass::testing {
namespace {

constexpr int darkest = 20;
constexpr int step = 5;

}  // namespace

int grey_of(int frame) { return darkest + step * (frame % 46); }

void make_clip(const std::filesystem::path& path, const ClipShape& shape) {
  video::ClipWriter writer(path, shape.width, shape.height, shape.rate);
  std::minstd_rand random;
  for (int i = 0; i < shape.frames; ++i) {
    std::vector<std::uint8_t> rgb(static_cast<std::size_t>(shape.width * shape.height * 3),
                                  static_cast<std::uint8_t>(grey_of(i)));
    // Noise above, so that frames take up more of the file than its headers.
    for (std::size_t k = 0; k < rgb.size() / 4; ++k)
      rgb[k] = static_cast<std::uint8_t>(random() >> 8);
    writer.write(rgb);
  }
  writer.finish();
}

int number_of(const Tensor& frames, std::size_t index) {
  const std::size_t side = frames.dim(1);
  const std::size_t middle = ((index * side + side / 2) * side + side / 2) * 3;
  const double grey = frames.data<std::uint8_t>()[middle];
  return static_cast<int>(std::lround((grey - darkest) / step));
}

void copy_start(const std::filesystem::path& from, const std::filesystem::path& to,
                std::uintmax_t bytes) {
  std::filesystem::copy_file(from, to);
  std::filesystem::resize_file(to, bytes);
}

void overwrite_packets(const std::filesystem::path& avi, int first, int last) {
  std::string content = read_text_file(avi);
  // A RIFF chunk: "00dc", its size in four bytes, its content.
  std::size_t at = content.find("movi");
  for (int i = 0; i < last; ++i) {
    at = content.find("00dc", at) + 4;
    std::uint32_t size = 0;
    std::memcpy(&size, content.data() + at, 4);
    at += 4;
    if (i >= first) std::fill_n(content.begin() + static_cast<std::ptrdiff_t>(at), size, '\xAA');
    at += size;
  }
  std::ofstream(avi, std::ios::binary) << content;
}

void tag_as_turned(const std::filesystem::path& mp4) {
  std::string content = read_text_file(mp4);
  // ISO/IEC 14496-12, 8.3.2: the matrix lies 40 bytes after the box's name, its entries
  // a, b, u, c, d, v, ... are 16.16 numbers in big-endian order.
  const std::size_t matrix = content.find("tkhd") + 4 + 40;
  const auto set = [&](std::size_t entry, std::uint32_t value) {
    for (std::size_t i = 0; i < 4; ++i) {
      content.at(matrix + 4 * entry + i) = static_cast<char>(value >> (24 - 8 * i) & 0xFF);
    }
  };
  set(0, 0);
  set(1, 0x00010000);
  set(3, 0xFFFF0000);
  set(4, 0);
  std::ofstream(mp4, std::ios::binary) << content;
}

void write_wav(const std::filesystem::path& path) {
  constexpr std::uint32_t rate = 8000;
  std::string content = "RIFF";
  const auto put = [&](std::uint32_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) content.push_back(static_cast<char>(value >> (8 * i) & 0xFF));
  };
  put(36 + rate, 4);
  content += "WAVEfmt ";
  put(16, 4);    // size of what follows
  put(1, 2);     // PCM
  put(1, 2);     // channels
  put(rate, 4);  // samples a second
  put(rate, 4);  // bytes a second
  put(1, 2);     // bytes a sample
  put(8, 2);     // bits a sample
  content += "data";
  put(rate, 4);
  content.append(rate, '\x80');
  std::ofstream(path, std::ios::binary) << content;
}

void write_text(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path) << text;
}

}  // namespace vidclass::testing
