#include "features/array_reader.hpp"

#include <numeric>
#include <optional>
#include <utility>
#include <vector>

#include "core/feature_array.hpp"
#include "core/format.hpp"
#include "core/stopwatch.hpp"
#include "vidclass/error.hpp"

namespace vidclass::features {
namespace {

Tensor row_places(std::size_t rows) {
  std::vector<double> places(rows);
  std::iota(places.begin(), places.end(), 0.0);
  return Tensor::from<double>({rows}, places);
}

/// Throws ClipError for a clip in memory, whose path is a name and no more.
const std::filesystem::path& file_of(const video::ClipSource& clip) {
  if (clip.in_memory()) throw ClipError(clip.path, "feature arrays are read from files only");
  return clip.path;
}

ClipFeatures read_array(const video::ClipSource& clip, std::size_t width) {
  if (!is_feature_array(file_of(clip))) {
    throw ClipError(clip.path, format("not a feature array: .npy or .safetensors of frames by {} "
                                      "features is needed",
                                      width));
  }
  if (!clip.whole()) throw ClipError(clip.path, "a feature array has no times to take a span of");
  Tensor array = load_feature_array(clip.path);
  if (array.dim(1) != width) {
    throw Error(format("{} has {} features a frame; {} are needed, as all others have",
                       clip.path.string(), array.dim(1), width));
  }
  const std::size_t rows = array.dim(0);
  return {{"avg", std::move(array)}, {"times", row_places(rows)}};
}

}  // namespace

ExtractReport read_arrays(std::span<const video::ClipSource> clips, std::size_t width,
                          const Extractor::Consumer& consumer, const ProgressFunction& progress,
                          const CancellationToken& cancel, const Extractor::Rejection& rejected) {
  const Stopwatch watch;
  ExtractReport report;
  for (std::size_t i = 0; i < clips.size(); ++i) {
    cancel.check();
    std::optional<ClipFeatures> features;
    try {
      features = read_array(clips[i], width);
    } catch (const ClipError& error) {
      report.unusable.push_back({error.path(), error.reason()});
      if (rejected) rejected(i, {error.reason()});
    }
    if (features) {
      consumer(i, std::move(*features));
      ++report.clips;
    }
    if (progress) progress({"read", i + 1, clips.size(), {}});
  }
  report.seconds = watch.seconds();
  return report;
}

std::size_t common_width(std::span<const video::ClipSource> arrays) {
  std::string reason = "there is none";
  for (const video::ClipSource& array : arrays) {
    try {
      return feature_array_shape(file_of(array)).width;
    } catch (const ClipError& error) {
      if (&array == &arrays.front()) reason = error.what();
    }
  }
  throw Error(format("no feature array can be read: {}", reason));
}

}  // namespace vidclass::features
