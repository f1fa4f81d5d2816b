// A data set of any size that is all in the cache: clips.csv, files that stand for clips,
// and synthetic features and descriptions of motion for each, so that training can be measured
// without decoding.
//
//   bench_synthetic_cache DIR CLIPS CLASSES
//
// Features are those of xception at its default settings, 5,552 values a frame, 20 frames and 10 of
// the other look that heads are trained on, and differ by class; each label has 25 groups, as
// UCF101's have. DIR/cache is for --cache.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "backbone/pooling.hpp"
#include "core/atomic_file.hpp"
#include "core/random.hpp"
#include "core/safetensors.hpp"
#include "features/cache.hpp"
#include "features/extractor.hpp"
#include "features/half.hpp"
#include "motion/cuboids.hpp"
#include "vidclass/error.hpp"

namespace {

namespace fs = std::filesystem;
using namespace vidclass;

constexpr std::size_t frames_of_plain_clips = 20;
constexpr std::size_t frames_of_faded_clips = 10;

Tensor made_up_features(Random& random, std::size_t label, std::size_t frames, std::size_t width) {
  Tensor features(DType::f32, {frames, width});
  const auto values = features.data<float>();
  for (std::size_t i = 0; i < values.size(); i += 4) {
    // 16 bits each are as many as the cache keeps.
    const std::uint64_t bits = random.next();
    for (std::size_t part = 0; part < 4; ++part) {
      values[i + part] = static_cast<float>((bits >> (16 * part)) & 0xFFFF) / 65536;
    }
  }
  for (std::size_t t = 0; t < frames; ++t) values[t * width + label] += 0.5F;
  return features;
}

/// As many cuboids as a clip has at most. Those of a label have one part that moves more.
motion::Description made_up_motion(Random& random, std::size_t label) {
  constexpr std::size_t cuboids_of_a_scale = 600;
  motion::Description description;
  for (motion::Cuboids& cuboids : description) {
    cuboids = {.histograms = Tensor(DType::f32, {cuboids_of_a_scale, motion::cuboid_width}),
               .places = Tensor(DType::f32, {cuboids_of_a_scale, 3}),
               .times = std::vector<double>(cuboids_of_a_scale, 1)};
    const auto values = cuboids.histograms.data<float>();
    for (std::size_t i = 0; i < values.size(); i += 2) {
      // Eight bits each are enough for a measurement, and made in half the time.
      const std::uint64_t bits = random.next();
      values[i] = static_cast<float>(bits & 0xFF) / 1024;
      values[i + 1] = static_cast<float>(bits >> 56) / 1024;
    }
    for (std::size_t i = 0; i < cuboids_of_a_scale; ++i) {
      values[i * motion::cuboid_width + (7 * label) % motion::cuboid_width] += 0.1F;
    }
    for (float& value : cuboids.places.data<float>()) value = random.between(-0.5F, 0.5F);
  }
  return description;
}

features::Extractor extractor_of(std::size_t frames, bool faded, const fs::path& cache) {
  features::ExtractOptions options;
  options.backbone.name = "xception";
  options.backbone.motion = true;
  options.backbone.middle = true;
  options.half = true;
  options.clip.frames = static_cast<int>(frames);
  options.clip.faded = faded;
  options.cache_dir = cache;
  return features::Extractor(options);
}

void make(const fs::path& dir, std::size_t clips, std::size_t classes) {
  const features::FeatureCache cache(dir / "cache");
  const features::FeatureCache motion_cache(cache.dir() / features::motion_folder);
  Random random(1);
  const auto store = [&](features::Extractor& extractor, const fs::path& clip, std::size_t label) {
    const auto frames = static_cast<std::size_t>(extractor.settings().clip.frames);
    const backbone::BackboneInfo& network = extractor.settings().backbone;
    NamedTensors entry{{"times", Tensor(DType::f64, {frames})}};
    for (const backbone::Pooling& pooling : backbone::poolings) {
      const std::size_t width = pooling.middle ? network.middle_size : network.feature_size;
      entry[pooling.name] = made_up_features(random, label, frames, width);
    }
    cache.store(extractor.key_of(clip), features::narrowed(std::move(entry)));
  };
  features::Extractor plain = extractor_of(frames_of_plain_clips, false, cache.dir());
  features::Extractor faded = extractor_of(frames_of_faded_clips, true, cache.dir());

  fs::create_directories(dir / "clips");
  std::string csv = "path,label,group,split\n";
  for (std::size_t i = 0; i < clips; ++i) {
    const std::size_t label = i % classes;
    const fs::path name = fs::path("clips") / (std::to_string(i) + ".avi");
    write_file_atomically(dir / name, "clip " + std::to_string(i));
    store(plain, dir / name, label);
    store(faded, dir / name, label);
    motion_cache.store(plain.motion_key_of(dir / name),
                       motion::to_arrays(made_up_motion(random, label)));
    csv += name.string() + ",class" + std::to_string(label) + ",class" + std::to_string(label) +
           "_g" + std::to_string(i / classes % 25) + "," + (i % 10 == 9 ? "val" : "train") + "\n";
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
