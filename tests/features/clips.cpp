#include "features/clips.hpp"

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <string>

#include "video/clip_writer.hpp"

namespace vidclass::testing {
namespace fs = std::filesystem;

namespace {

std::vector<fs::path> files_in(const fs::path& dir, bool entries) {
  std::vector<fs::path> found;
  if (!fs::exists(dir)) return found;
  for (const auto& file : fs::recursive_directory_iterator(dir)) {
    if (!file.is_regular_file() || file.path().filename() == "contents.tsv") continue;
    const bool is_entry = file.path().extension() == ".safetensors" &&
                          !file.path().filename().string().starts_with(".");
    if (is_entry == entries) found.push_back(file.path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace

fs::path make_clip(const fs::path& path, int seed, int frames) {
  constexpr int width = 64;
  constexpr int height = 48;
  video::ClipWriter writer(path, width, height, 10);
  for (int t = 0; t < frames; ++t) {
    std::vector<std::uint8_t> rgb;
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) {
        for (int channel = 0; channel < 3; ++channel) {
          rgb.push_back(static_cast<std::uint8_t>(x * (2 + channel) + y * seed + 13 * t));
        }
      }
    }
    writer.write(rgb);
  }
  writer.finish();
  return path;
}

std::vector<fs::path> make_clips(const fs::path& dir, int count) {
  std::vector<fs::path> clips;
  for (int i = 0; i < count; ++i) {
    clips.push_back(make_clip(dir / ("clip" + std::to_string(i) + ".avi"), i + 1));
  }
  return clips;
}

std::vector<video::ClipSource> make_sources(const fs::path& dir, int count) {
  const std::vector<fs::path> clips = make_clips(dir, count);
  return {clips.begin(), clips.end()};
}

fs::path make_junk(const fs::path& path) {
  std::ofstream(path) << "this is no video\n";
  return path;
}

std::vector<fs::path> entries_in(const fs::path& cache) { return files_in(cache, true); }
std::vector<fs::path> strays_in(const fs::path& cache) {
  std::vector<fs::path> strays = files_in(cache, false);
  std::erase(strays, cache / "claims.lock");
  return strays;
}

}  // namespace vidclass::testing
