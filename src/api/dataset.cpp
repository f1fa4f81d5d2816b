#include "vidclass/dataset.hpp"

#include "api/requests.hpp"

namespace vidclass {

Dataset read_dataset(const std::filesystem::path& data, const DatasetOptions& options) {
  const dataset::Manifest manifest = pipeline::open_data(api::data_request(data, options));
  Dataset result{.source = manifest.source,
                 .layout = std::string(dataset::to_string(manifest.layout)),
                 .labels = manifest.labels,
                 .clips = {},
                 .notes = manifest.notes};
  for (const dataset::Clip& clip : manifest.clips) {
    result.clips.push_back({clip.source(), manifest.labels.at(clip.label), clip.group,
                            std::string(dataset::to_string(clip.split))});
  }
  return result;
}

void write_dataset(const Dataset& data, const std::filesystem::path& csv, bool overwrite) {
  const pipeline::DataRequest request = api::data_request(data);
  pipeline::files_of(request, *request.given).refuse(csv, overwrite);
  dataset::write_csv(csv, *request.given);
}

}  // namespace vidclass
