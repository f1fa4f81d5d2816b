// Made-up footage that can be filmed at any size and from any moment on.
#pragma once

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <vector>

#include "video/clip_writer.hpp"

namespace vidclass::testing {

struct Footage {
  int place = 1;     // what stands in the background
  int moment = 1;    // what a disc in front of it does
  double start = 0;  // seconds into that
  double seconds = 3;
  bool mirrored = false;
  bool still = false;  // without the disc
  int width = 160, height = 120, rate = 25;
};

/// Grey level at (x, y), both 0 to 1, of the picture `time` seconds in.
inline double grey_at(const Footage& footage, double x, double y, double time) {
  if (footage.mirrored) x = 1 - x;
  const double p = footage.place;
  const double m = footage.moment;
  const double disc_x = 0.5 + 0.35 * std::sin(1.3 * m * time + 2.1 * m) * std::cos(0.7 * time + m);
  const double disc_y = 0.5 + 0.35 * std::sin((0.9 + 0.4 * m) * time + m);
  if (!footage.still && std::hypot(x - disc_x, y - disc_y) < 0.15) return 240;
  return 110 + 50 * std::sin((3 + 2 * p) * x + 1.7 * p) * std::cos((7 - 1.3 * p) * y) +
         30 * std::sin((11 + p) * x * y + 2.9 * p);
}

/// Writes it. Gives `path` back.
inline std::filesystem::path film(const std::filesystem::path& path, const Footage& footage) {
  std::filesystem::create_directories(path.parent_path());
  video::ClipWriter writer(path, footage.width, footage.height, footage.rate);
  const int frames = static_cast<int>(std::lround(footage.seconds * footage.rate));
  for (int i = 0; i < frames; ++i) {
    const double time = footage.start + static_cast<double>(i) / footage.rate;
    std::vector<std::uint8_t> picture;
    for (int y = 0; y < footage.height; ++y) {
      for (int x = 0; x < footage.width; ++x) {
        const auto grey = static_cast<std::uint8_t>(
            grey_at(footage, (x + 0.5) / footage.width, (y + 0.5) / footage.height, time));
        picture.insert(picture.end(), 3, grey);
      }
    }
    writer.write(picture);
  }
  writer.finish();
  return path;
}

}  // namespace vidclass::testing
