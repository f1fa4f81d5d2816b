// Clips as arrays of features: float32 [frames, features of a frame].
#include <algorithm>
#include <cstddef>
#include <exception>
#include <iostream>
#include <vector>
#include <vidclass/vidclass.hpp>

int main(int argc, char** argv) {
  if (argc < 3) {
    std::cerr << "usage: extract BACKBONE CLIP...\n";
    return 2;
  }
  try {
    vidclass::FeatureExtractor extractor({.backbone = argv[1]});
    const std::vector<vidclass::ClipSource> clips(argv + 2, argv + argc);
    const auto features = extractor.extract(clips);  // several clips at once
    bool failed = false;
    for (std::size_t i = 0; i < clips.size(); ++i) {
      const auto& [values, times, error] = features[i];
      if (error.empty()) {
        std::cout << clips[i].path.string() << ": " << vidclass::format_shape(values.shape())
                  << ", the last frame at " << times.back() << " s, the largest value is "
                  << std::ranges::max(values.data<float>()) << '\n';
      } else {  // this clip is unusable, the others are not
        std::cerr << "extract: " << clips[i].path.string() << ": " << error << '\n';
        failed = true;
      }
    }
    return failed ? 1 : 0;
  } catch (const std::exception& error) {
    std::cerr << "extract: " << error.what() << '\n';
    return 1;
  }
}
