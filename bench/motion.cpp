// Milliseconds a clip of the parts of the motion stream, on one thread.
//
//   bench_motion DATA
#include <cstdio>

#include "core/stopwatch.hpp"
#include "motion/codebook.hpp"
#include "motion/describe.hpp"
#include "motion/fisher.hpp"
#include "motion/flow.hpp"
#include "pipeline/data.hpp"
#include "vidclass/error.hpp"
#include "video/sample.hpp"

namespace {

using namespace vidclass;

/// Seconds of a part, over all clips.
struct Part {
  const char* name;
  double seconds = 0;

  template <typename Work>
  auto time(const Work& work) {
    const Stopwatch watch;
    auto result = work();
    seconds += watch.seconds();
    return result;
  }
};

/// Of all steps of the whole pictures, which are half as large as these.
std::size_t flows_of(const video::GreyRuns& greys) {
  const std::size_t height = greys.pictures.dim(1) / 2;
  const std::size_t width = greys.pictures.dim(2) / 2;
  const auto all = greys.pictures.data<std::uint8_t>();
  std::size_t steps = 0;
  for (std::size_t i = 0; i + 1 < greys.times.size(); ++i, ++steps) {
    // Any picture of that size takes as long.
    (void)motion::flow_between(all.subspan(i * width * height, width * height),
                               all.subspan((i + 1) * width * height, width * height), width,
                               height);
  }
  return steps;
}

void measure(const char* data) {
  const dataset::Manifest manifest = pipeline::open_data({.data = data});
  Part decode{"decode and make grey"}, describe{"describe, of which"},
      flow{"  flow (at each scale)"}, fisher{"Fisher vector, and mirrored"};
  motion::Codebooks codebooks;
  std::size_t steps = 0;
  for (const dataset::Clip& clip : manifest.clips) {
    const auto greys = decode.time([&] {
      return video::sample_clip(clip.source(), {}, {}, {}, {.frames = false, .greys = true}).greys;
    });
    const auto description = describe.time([&] { return motion::describe(greys); });
    steps += flow.time([&] { return flows_of(greys); });
    if (codebooks[0].words[0].mean.empty()) {
      for (std::size_t i = 0; i < codebooks.size(); ++i) {
        motion::Cuboids sample = description[i];
        sample.places = motion::relative_places(sample.places);
        codebooks[i] = motion::fit_codebook(sample, 1);
      }
    }
    (void)fisher.time([&] {
      (void)motion::fisher_vector(description, codebooks);
      return motion::fisher_vector(motion::mirrored(description), codebooks);
    });
  }
  const auto count = static_cast<double>(manifest.clips.size());
  std::printf("milliseconds a clip, one thread, %.0f clips of %.1f steps each:\n", count,
              static_cast<double>(steps) / count);
  for (const Part& part : {decode, describe, flow, fisher}) {
    std::printf("  %-28s %7.1f\n", part.name, 1000 * part.seconds / count);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: bench_motion DATA\n", stderr);
    return 2;
  }
  try {
    measure(argv[1]);
  } catch (const Error& error) {
    std::fprintf(stderr, "error: %s\n", error.what());
    return 1;
  }
}
