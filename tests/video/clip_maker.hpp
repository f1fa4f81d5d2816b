// Small clips whose frames tell their own number.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "vidclass/tensor.hpp"

namespace vidclass::testing {

struct ClipShape {
  int frames = 30;
  int width = 64;
  int height = 48;
  int rate = 10;  // frames/s
};

/// Writes a clip whose frame i is grey of brightness grey_of(i) below a quarter
/// of noise.
void make_clip(const std::filesystem::path& path, const ClipShape& shape = {});
[[nodiscard]] int grey_of(int frame);
/// Which of make_clip()'s frames this is, from the middle of a sampled frame.
[[nodiscard]] int number_of(const Tensor& frames, std::size_t index);

/// The first `bytes` bytes of a file, as another file.
void copy_start(const std::filesystem::path& from, const std::filesystem::path& to,
                std::uintmax_t bytes);
/// Spoils the pictures first <= i < last of an AVI made by make_clip(), so that
/// each is still a packet, and none can be decoded.
void overwrite_packets(const std::filesystem::path& avi, int first, int last);
/// Makes players turn an MP4 that make_clip() wrote by 90 degrees clockwise.
void tag_as_turned(const std::filesystem::path& mp4);
/// A second of silence.
void write_wav(const std::filesystem::path& path);
void write_text(const std::filesystem::path& path, const std::string& text);

}  // namespace vidclass::testing
