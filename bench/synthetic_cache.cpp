// A data set of any size that is all in the cache: clips.csv, files that stand for clips,
// and made-up features for each, so that training can be measured without decoding.
//
//   bench_synthetic_cache DIR CLIPS CLASSES
//
// Features are those of xception at its default settings without motion, 20 frames, and
// differ by class. DIR/cache is for --cache.
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "vidclass/core/atomic_file.hpp"
#include "vidclass/core/error.hpp"
#include "vidclass/core/random.hpp"
#include "vidclass/core/safetensors.hpp"
#include "vidclass/features/cache.hpp"
#include "vidclass/features/extractor.hpp"

namespace {

namespace fs = std::filesystem;
using namespace vidclass;

constexpr std::size_t frames = 20;

Tensor made_up_features(Random& random, std::size_t label, std::size_t width) {
  Tensor features(DType::f32, {frames, width});
  for (float& value : features.data<float>()) value = random.between(0, 1);
  for (std::size_t t = 0; t < frames; ++t) features.data<float>()[t * width + label] += 0.5F;
  return features;
}

void make(const fs::path& dir, std::size_t clips, std::size_t classes) {
  features::ExtractOptions options;
  options.backbone.name = "xception";
  options.clip.frames = static_cast<int>(frames);
  options.cache_dir = dir / "cache";
  features::Extractor extractor(options);
  const features::FeatureCache cache(options.cache_dir);
  const std::size_t width = extractor.settings().backbone.feature_size;
  const Tensor times(DType::f64, {frames});

  fs::create_directories(dir / "clips");
  Random random(1);
  std::string csv = "path,label,group,split\n";
  for (std::size_t i = 0; i < clips; ++i) {
    const std::size_t label = i % classes;
    const fs::path name = fs::path("clips") / (std::to_string(i) + ".avi");
    write_file_atomically(dir / name, "clip " + std::to_string(i));
    cache.store(extractor.key_of(dir / name),
                {{"avg", made_up_features(random, label, width)}, {"times", times}});
    csv += name.string() + ",class" + std::to_string(label) + ",," +
           (i % 10 == 9 ? "val" : "train") + "\n";
  }
  write_file_atomically(dir / "clips.csv", csv);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fputs("usage: bench_synthetic_cache DIR CLIPS CLASSES\n", stderr);
    return 2;
  }
  try {
    make(argv[1], std::strtoul(argv[2], nullptr, 10), std::strtoul(argv[3], nullptr, 10));
  } catch (const Error& error) {
    std::fprintf(stderr, "error: %s\n", error.what());
    return 1;
  }
}
