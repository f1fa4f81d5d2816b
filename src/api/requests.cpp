#include "api/requests.hpp"

#include <memory>
#include <utility>

#include "core/format.hpp"
#include "pipeline/feature_options.hpp"
#include "sandbox/sandbox.hpp"
#include "vidclass/error.hpp"

namespace vidclass::api {

pipeline::DataRequest data_request(const std::filesystem::path& data,
                                   const DatasetOptions& options) {
  pipeline::DataRequest request{.data = data,
                                .open = {.layout = {},
                                         .splits = options.splits,
                                         .fold = options.fold,
                                         .root = options.root,
                                         .label_names = options.label_names,
                                         .split_folders = options.split_folders,
                                         .encoding = options.encoding},
                                .start = options.start,
                                .end = options.end};
  if (!options.layout.empty()) request.open.layout = dataset::layout_from(options.layout);
  return request;
}

pipeline::DataRequest data_request(const Dataset& data) {
  const std::filesystem::path name = data.source.empty() ? "the data set" : data.source;
  std::vector<dataset::Clip> clips;
  std::vector<std::string> labels;
  for (const auto& [clip, label, group, split] : data.clips) {
    if (clip.in_memory()) {
      throw UsageError(format("{}: {} is in memory, and clips of a data set must be files",
                              name.string(), clip.path.string()));
    }
    clips.push_back({.path = clip.path,
                     .group = group,
                     .split = dataset::split_from(split),
                     .start = clip.start,
                     .end = clip.end});
    labels.push_back(label);
  }
  return {.data = name, .given = dataset::from_clips(name, std::move(clips), labels, data.labels)};
}

classify::ClassifierOptions classifier_options(const ClassifierOptions& options) {
  classify::ClassifierOptions result{.precision = options.precision,
                                     .network = options.network,
                                     .threads = options.machine.threads,
                                     .clips = options.sequences,
                                     .limits = options.machine.limits,
                                     .cache_dir = options.machine.cache,
                                     .compiled_cache = pipeline::compiled_cache(),
                                     .calibration_dir = pipeline::calibration_dir()};
  pipeline::set_device(options.device, result.device, result.engine);
  if (options.sandbox) {
    result.sampler = sandbox::sandboxed_sampler(std::make_shared<sandbox::Sandbox>());
  }
  return result;
}

}  // namespace vidclass::api
