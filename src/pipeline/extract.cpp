#include "pipeline/extract.hpp"

#include <algorithm>
#include <memory>
#include <numeric>
#include <utility>

#include "core/atomic_file.hpp"
#include "core/feature_array.hpp"
#include "core/format.hpp"
#include "core/json.hpp"
#include "core/npy_writer.hpp"
#include "core/own_files.hpp"
#include "core/text.hpp"
#include "pipeline/content.hpp"
#include "pipeline/find_clips.hpp"
#include "pipeline/gather.hpp"
#include "pipeline/outlook.hpp"
#include "vidclass/error.hpp"

namespace vidclass::pipeline {
namespace {

namespace fs = std::filesystem;

/// Takes the features of clips as they come.
class Writer {
public:
  virtual ~Writer() = default;
  virtual void write(std::size_t clip, Tensor features) = 0;
  /// After the last.
  virtual void finish() {}
};

/// A file a clip.
class ArrayFiles final : public Writer {
public:
  explicit ArrayFiles(std::vector<fs::path> files) : files_(std::move(files)) {}
  void write(std::size_t clip, Tensor features) override {
    if (!std::exchange(listed_, true)) list_own_files(files_);
    write_npy(files_[clip], features);
  }

private:
  std::vector<fs::path> files_;
  bool listed_ = false;
};

/// All arrays in one file.
class OneFile final : public Writer {
public:
  OneFile(fs::path file, const std::vector<video::ClipSource>& clips)
      : file_(std::move(file)), clips_(clips) {}

  void write(std::size_t clip, Tensor features) override {
    std::string name = clips_[clip].path.string();
    for (int i = 2; arrays_.contains(name); ++i) {
      name = format("{}#{}", clips_[clip].path.string(), i);
    }
    arrays_.emplace(std::move(name), std::move(features));
  }
  void finish() override {
    list_own_files({&file_, 1});
    write_safetensors(file_, arrays_);
  }

private:
  fs::path file_;
  const std::vector<video::ClipSource>& clips_;
  NamedTensors arrays_;
};

std::vector<float> mean_over_time(const Tensor& features) {
  const std::size_t frames = features.dim(0);
  const std::size_t width = features.dim(1);
  const auto values = features.data<float>();
  std::vector<double> sums(width);
  for (std::size_t t = 0; t < frames; ++t) {
    for (std::size_t i = 0; i < width; ++i) sums[i] += values[t * width + i];
  }
  std::vector<float> means(width);
  for (std::size_t i = 0; i < width; ++i) {
    means[i] = static_cast<float>(sums[i] / static_cast<double>(frames));
  }
  return means;
}

/// A line a clip, in the order of the clips.
class JsonLines final : public Writer {
public:
  JsonLines(fs::path file, const std::vector<video::ClipSource>& clips)
      : file_(std::move(file)), clips_(clips), lines_(clips.size()) {}

  void write(std::size_t clip, Tensor features) override {
    lines_[clip] = to_text(Json{{"path", clips_[clip].path.string()},
                                {"frames", features.dim(0)},
                                {"vector", mean_over_time(features)}}) +
                   "\n";
  }
  void finish() override {
    list_own_files({&file_, 1});
    write_file_atomically(file_, std::accumulate(lines_.begin(), lines_.end(), std::string()));
  }

private:
  fs::path file_;
  const std::vector<video::ClipSource>& clips_;
  std::vector<std::string> lines_;
};

std::vector<fs::path> array_paths(const ExtractRequest& request) {
  std::vector<fs::path> paths;
  for (const std::string& name :
       request.names.empty() ? output_names(request.clips) : told_apart(request.names)) {
    paths.push_back(request.output / (name + ".npy"));
  }
  return paths;
}

std::unique_ptr<Writer> make_writer(const ExtractRequest& request) {
  if (request.output.empty()) return nullptr;
  const InputFiles inputs = files_of(request.clips);
  const fs::path ending = request.output.extension();
  if (ending == ".safetensors" || ending == ".jsonl") {
    inputs.refuse(request.output, request.overwrite);
    if (ending == ".jsonl") return std::make_unique<JsonLines>(request.output, request.clips);
    return std::make_unique<OneFile>(request.output, request.clips);
  }
  if (ending == ".npy" && request.clips.size() == 1) {
    inputs.refuse(request.output, request.overwrite);
    return std::make_unique<ArrayFiles>(std::vector{request.output});
  }
  std::error_code error;
  const bool is_folder = fs::is_directory(request.output, error);
  const bool is_file = !is_folder && fs::exists(request.output, error);
  if (ending == ".npy" || is_file || (!ending.empty() && !is_folder)) {
    throw UsageError(format(
        "{}: features are written as one .safetensors or .jsonl file, as .npy files into a folder "
        "(a name without an ending), or of a single clip as one .npy file",
        request.output.string()));
  }
  std::vector<fs::path> files = array_paths(request);
  for (const fs::path& file : files) inputs.refuse(file, request.overwrite);
  return std::make_unique<ArrayFiles>(std::move(files));
}

}  // namespace

ExtractOutcome extract(const ExtractRequest& request, const Hooks& hooks) {
  const std::unique_ptr<Writer> writer = make_writer(request);
  features::ExtractOptions options = request.features;
  if (options.calibration_clips.empty()) options.calibration_clips = request.clips;
  features::Extractor extractor(options, hooks.progress, hooks.cancel);
  ExtractOutcome outcome{.report = {}, .settings = extractor.settings()};
  tell_outlook(extractor, options, request.clips, request.faded.size(), hooks);
  outcome.report = extractor.extract(
      request.clips,
      [&](std::size_t clip, features::ClipFeatures arrays) {
        if (!writer) return;
        writer->write(clip, features::joined_poolings(std::move(arrays)));
        ++outcome.written;
      },
      hooks.progress, hooks.cancel);
  tell_unusable(outcome.report.unusable, hooks);
  if (outcome.report.clips == 0 && request.require_usable) {
    throw Error(request.source.empty() ? std::string("no clip is usable")
                                       : format("{}: no clip is usable", request.source.string()));
  }
  if (writer) writer->finish();
  if (!writer && !outcome.report.not_kept.empty()) throw Error(outcome.report.not_kept);
  if (!request.faded.empty() && options.array_width == 0) {
    std::vector<video::ClipSource> drawn;
    for (const std::size_t clip : request.faded) drawn.push_back(request.clips[clip]);
    const Hooks named = hooks.named(" faded");
    // Clips that cannot be used have been told.
    add_frames(outcome.report,
               features::Extractor(faded_options(options), named.progress, named.cancel)
                   .extract(
                       drawn, [](std::size_t, const auto&) {}, named.progress, named.cancel));
  }
  return outcome;
}

ExtractRequest request_of(const dataset::Manifest& manifest,
                          const features::ExtractOptions& options, bool faded) {
  ExtractRequest request{.clips = {}, .features = options_for(manifest, options)};
  request.source = manifest.source;
  for (std::size_t i = 0; i < manifest.clips.size(); ++i) {
    const dataset::Clip& clip = manifest.clips[i];
    request.clips.push_back(clip.source());
    request.names.push_back(manifest.labels.at(clip.label) + "/" + clip.path.stem().string());
    if (faded && clip.split != dataset::Split::test) request.faded.push_back(i);
  }
  return request;
}

}  // namespace vidclass::pipeline
