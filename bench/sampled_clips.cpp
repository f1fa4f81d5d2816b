// Clips as an exported network takes them, and what predict says of them.
//
//   bench_sampled_clips MODEL FOLDER CLIP...
//
// makes FOLDER/<number> for each clip, with frames.npy, motion_map.npy where the model looks at
// motion, lengths.npy and expected.npy (by appearance, float32), for tests/exchange/run_peer.py.
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "classify/classifier.hpp"
#include "core/format.hpp"
#include "core/npy_writer.hpp"
#include "core/stopwatch.hpp"
#include "vidclass/error.hpp"
#include "video/sample.hpp"

namespace {

using namespace vidclass;

Tensor as_batch(const Tensor& clip) {
  Shape shape = clip.shape();
  shape.insert(shape.begin(), 1);
  return clip.reshaped(shape);
}

void write_clips(const std::filesystem::path& file, const std::filesystem::path& folder,
                 const std::vector<std::string>& paths) {
  model::Model model = model::read(file);
  std::vector<video::ClipSource> clips;
  for (const std::string& path : paths) clips.emplace_back(path);
  for (std::size_t i = 0; i < clips.size(); ++i) {
    const video::SampledClip clip = video::sample_clip(clips[i], model.clip);
    const std::filesystem::path target = folder / format("{:03}", i);
    std::filesystem::create_directories(target);
    write_npy(target / "frames.npy", as_batch(clip.frames));
    if (!clip.motion.empty()) write_npy(target / "motion_map.npy", as_batch(clip.motion));
    write_npy(target / "lengths.npy",
              Tensor::from<std::int32_t>({1}, {static_cast<std::int32_t>(clip.frames.dim(0))}));
  }
  classify::ClassifierOptions options;
  options.precision = backbone::Precision::f32;
  classify::Classifier classifier(std::move(model), options);
  const Stopwatch watch;
  const std::vector<classify::ClipResult> results = classifier.classify(clips);
  std::printf("predict: %.2f s a clip\n", watch.seconds() / static_cast<double>(clips.size()));
  for (std::size_t i = 0; i < results.size(); ++i) {
    const auto& values =
        results[i].appearance.empty() ? results[i].probabilities : results[i].appearance;
    write_npy(folder / format("{:03}", i) / "expected.npy",
              Tensor::from<float>({1, values.size()}, values));
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fputs("usage: bench_sampled_clips MODEL FOLDER CLIP...\n", stderr);
    return 2;
  }
  try {
    write_clips(argv[1], argv[2], {argv + 3, argv + argc});
    return 0;
  } catch (const Error& error) {
    std::fprintf(stderr, "error: %s\n", error.what());
    return 1;
  }
}
