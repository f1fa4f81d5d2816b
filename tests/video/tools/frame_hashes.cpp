// The frames that sample_clip() keeps, as checksums to compare with another decoder's:
// frame_hashes FRAMES SIZE CLIP prints "SECONDS SHA256" of each, RGB. SIZE 0: the
// shorter side of the clip, so that nothing is resized.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <iostream>

#include "core/hash.hpp"
#include "vidclass/error.hpp"
#include "video/probe.hpp"
#include "video/sample.hpp"

int main(int count, char** arguments) {
  using namespace vidclass;
  if (count != 4) {
    std::cerr << "usage: frame_hashes FRAMES SIZE CLIP\n";
    return 2;
  }
  try {
    video::ClipSettings settings;
    settings.frames = std::atoi(arguments[1]);
    settings.size = std::atoi(arguments[2]);
    if (settings.size == 0) {
      const video::ClipInfo info = video::probe(arguments[3]);
      settings.size = std::min(info.width, info.height);
    }
    const video::SampledClip clip = video::sample_clip(arguments[3], settings);
    const std::size_t bytes = clip.frames.size() / clip.times.size();
    for (std::size_t i = 0; i < clip.times.size(); ++i) {
      Hasher hasher(HashKind::sha256);
      hasher.update(clip.frames.bytes().subspan(i * bytes, bytes));
      std::printf("%.6f %s\n", clip.times[i], hasher.finish().c_str());
    }
  } catch (const Error& error) {
    std::cerr << error.what() << "\n";
    return 1;
  }
  return 0;
}
