// Small pictures of one brightness.
#pragma once

#include <filesystem>

namespace vidclass::testing {

struct PictureShape {
  int width = 64;
  int height = 48;
  int grey = 128;
};

/// Writes a JPEG or PNG, as the ending says.
void make_picture(const std::filesystem::path& path, const PictureShape& shape = {});

}  // namespace vidclass::testing
