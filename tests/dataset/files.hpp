// Making the files that a test needs.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "support/temp_dir.hpp"
#include "vidclass/core/error.hpp"
#include "vidclass/dataset/manifest.hpp"
#include "vidclass/video/clip_writer.hpp"

namespace vidclass::testing {

/// Writes a text file, and the folders that it lies in.
inline std::filesystem::path put(const std::filesystem::path& path, std::string_view text = "") {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
  return path;
}

/// Writes a small video of one colour.
inline std::filesystem::path put_video(const std::filesystem::path& path, std::uint8_t grey) {
  std::filesystem::create_directories(path.parent_path());
  const std::vector<std::uint8_t> frame(32 * 32 * 3, grey);
  video::ClipWriter writer(path, 32, 32, 25);
  for (int i = 0; i < 3; ++i) writer.write(frame);
  writer.finish();
  return path;
}

/// The message of the E that `call` throws; "(nothing thrown)" without one.
template <typename E, typename F>
std::string message_of(F&& call) {
  try {
    call();
  } catch (const E& error) {
    return error.what();
  }
  return "(nothing thrown)";
}

template <typename E = Error>
std::string open_error(const std::filesystem::path& path,
                       const dataset::OpenOptions& options = {}) {
  return message_of<E>([&] { static_cast<void>(dataset::open(path, options)); });
}

inline bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

/// Does any of `texts` hold `part`?
inline bool any_has(const std::vector<std::string>& texts, std::string_view part) {
  for (const auto& text : texts) {
    if (has(text, part)) return true;
  }
  return false;
}

}  // namespace vidclass::testing
