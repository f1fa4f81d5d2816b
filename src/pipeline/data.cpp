#include "pipeline/data.hpp"

#include "core/format.hpp"
#include "vidclass/error.hpp"

namespace vidclass::pipeline {

dataset::Manifest open_data(const DataRequest& request) {
  // Written so that what is no number is refused, too.
  if (!(request.start >= 0)) {
    throw UsageError(
        format("the span of the clips starts at {} s, which is not 0 or more", request.start));
  }
  if (request.end && !(*request.end > request.start)) {
    throw UsageError(
        format("the span of the clips ends at {} s, which is not after its start at {} s",
               *request.end, request.start));
  }
  dataset::Manifest manifest = dataset::open(request.data, request.open);
  if (manifest.content == dataset::Content::arrays && (request.start > 0 || request.end)) {
    throw UsageError(
        format("{} is feature arrays, which have no times: a span can be taken of clips only",
               request.data.string()));
  }
  for (dataset::Clip& clip : manifest.clips) {
    if (!clip.source().whole()) continue;
    clip.start = request.start;
    clip.end = request.end;
  }
  return manifest;
}

InputFiles files_of(const DataRequest& request, const dataset::Manifest& manifest) {
  InputFiles files;
  files.add(request.data);
  for (const auto& list : {request.open.splits, request.open.label_names}) {
    if (list) files.add(*list);
  }
  for (const dataset::Clip& clip : manifest.clips) files.add(clip.path);
  return files;
}

}  // namespace vidclass::pipeline
