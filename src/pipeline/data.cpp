#include "pipeline/data.hpp"

#include <string>
#include <system_error>
#include <utility>

#include "core/format.hpp"
#include "vidclass/error.hpp"

namespace vidclass::pipeline {

namespace {

void check_span(const DataRequest& request) {
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
}

/// Gives the clips that name no span themselves the one of the request.
dataset::Manifest with_span(dataset::Manifest manifest, const DataRequest& request) {
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

}  // namespace

std::string_view to_string(Groups groups) noexcept {
  switch (groups) {
    case Groups::automatic:
      return "auto";
    case Groups::given:
      return "given";
    case Groups::found:
      return "found";
    case Groups::none:
      return "none";
  }
  return "";
}

Groups groups_from(std::string_view name) {
  for (const Groups groups : {Groups::automatic, Groups::given, Groups::found, Groups::none}) {
    if (name == to_string(groups)) return groups;
  }
  throw UsageError(format("unknown groups \"{}\": choose auto, given, found or none", name));
}

dataset::Manifest open_data(const DataRequest& request, const Hooks& hooks) {
  check_span(request);
  dataset::Manifest manifest =
      request.given ? *request.given : dataset::open(request.data, request.open);
  for (const std::string& note : manifest.notes) hooks.warn(note);
  return with_span(std::move(manifest), request);
}

std::optional<dataset::Manifest> open_if_data_set(const DataRequest& request, const Hooks& hooks) {
  check_span(request);
  std::optional<dataset::Manifest> manifest;
  try {
    manifest = dataset::open(request.data, request.open);
  } catch (const Error&) {
    std::error_code error;
    const bool plain_folder = !request.open.layout && !request.open.splits &&
                              std::filesystem::is_directory(request.data, error);
    if (!plain_folder) throw;
    return std::nullopt;
  }
  for (const std::string& note : manifest->notes) hooks.warn(note);
  return with_span(*std::move(manifest), request);
}

InputFiles files_of(const DataRequest& request, const dataset::Manifest& manifest) {
  InputFiles files;
  for (const std::filesystem::path& list : manifest.lists) files.add(list);
  if (request.open.label_names) files.add(*request.open.label_names);
  for (const dataset::Clip& clip : manifest.clips) files.add(clip.path);
  return files;
}

}  // namespace vidclass::pipeline
