// Making the clips that a test needs.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "dataset/manifest.hpp"
#include "support/files.hpp"
#include "support/temp_dir.hpp"
#include "vidclass/error.hpp"
#include "video/clip_writer.hpp"

namespace vidclass::testing {

/// Writes a small video of one colour.
inline std::filesystem::path put_video(const std::filesystem::path& path, std::uint8_t grey) {
  std::filesystem::create_directories(path.parent_path());
  const std::vector<std::uint8_t> frame(32 * 32 * 3, grey);
  video::ClipWriter writer(path, 32, 32, 25);
  for (int i = 0; i < 3; ++i) writer.write(frame);
  writer.finish();
  return path;
}

template <typename E = Error>
std::string open_error(const std::filesystem::path& path,
                       const dataset::OpenOptions& options = {}) {
  return message_of<E>([&] { static_cast<void>(dataset::open(path, options)); });
}

}  // namespace vidclass::testing
