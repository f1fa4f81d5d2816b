#include "report/mistakes.hpp"

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "core/parallel.hpp"
#include "report/base64.hpp"
#include "vidclass/error.hpp"
#include "video/image.hpp"
#include "video/sample.hpp"

namespace vidclass::report {
namespace {

struct Mistake {
  const ReportedClip* clip = nullptr;
  std::size_t predicted = 0;
  float confidence = 0;
};

std::vector<Mistake> choose(const std::vector<ReportedClip>& clips, std::size_t count) {
  std::vector<Mistake> mistakes;
  for (const ReportedClip& clip : clips) {
    const auto best = std::max_element(clip.probabilities.begin(), clip.probabilities.end());
    const auto predicted = static_cast<std::size_t>(best - clip.probabilities.begin());
    if (predicted != clip.truth) mistakes.push_back({&clip, predicted, *best});
  }
  std::stable_sort(mistakes.begin(), mistakes.end(),
                   [](const Mistake& a, const Mistake& b) { return a.confidence > b.confidence; });
  mistakes.resize(std::min(count, mistakes.size()));
  return mistakes;
}

/// [T, side, side, 3] as [side, T * side, 3].
Tensor side_by_side(const Tensor& frames) {
  const std::size_t count = frames.dim(0);
  const std::size_t side = frames.dim(1);
  Tensor strip(DType::u8, {side, count * side, 3});
  const std::uint8_t* source = frames.data<std::uint8_t>().data();
  std::uint8_t* target = strip.data<std::uint8_t>().data();
  const std::size_t row = side * 3;
  for (std::size_t frame = 0; frame < count; ++frame) {
    for (std::size_t y = 0; y < side; ++y) {
      std::memcpy(target + (y * count + frame) * row, source + (frame * side + y) * row, row);
    }
  }
  return strip;
}

}  // namespace

Json most_confident_errors(const Report& report, const ReportOptions& options,
                           const ProgressFunction& progress, const CancellationToken& cancel) {
  const std::vector<Mistake> mistakes = choose(report.clips, options.mistakes);
  std::vector<Json> entries(mistakes.size());
  for_each_index(
      mistakes.size(), options.threads,
      [&](std::size_t i) {
        const Mistake& mistake = mistakes[i];
        const ReportedClip& clip = *mistake.clip;
        Json& entry = entries[i];
        entry = {{"path", clip.source.path.string()},
                 {"label", report.evaluation.labels.at(clip.truth)},
                 {"predicted", report.evaluation.labels.at(mistake.predicted)},
                 {"confidence", mistake.confidence},
                 {"probability", clip.probabilities[clip.truth]}};
        try {
          const auto sampled = video::sample_clip(
              clip.source, {.frames = options.frames, .size = options.side, .crop = options.crop},
              cancel, options.limits);
          entry["strip"] =
              "data:image/jpeg;base64," +
              base64(video::encode_image(side_by_side(sampled.frames), video::ImageKind::jpeg));
          entry["frames"] = sampled.frames.dim(0);
        } catch (const ClipError&) {
          // It could be read when it was classified; the mistake stays worth naming.
        }
      },
      "pictures", progress, cancel);
  Json list = Json::array();
  for (Json& entry : entries) list.push_back(std::move(entry));
  return list;
}

}  // namespace vidclass::report
