#include "api/requests.hpp"

#include <memory>

#include "pipeline/feature_options.hpp"
#include "sandbox/sandbox.hpp"

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
