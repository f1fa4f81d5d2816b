#include "dataset/contents.hpp"

#include <sys/stat.h>

#include <map>
#include <utility>

#include "core/parallel.hpp"
#include "dataset/leaks.hpp"
#include "vidclass/error.hpp"

namespace vidclass::dataset {
namespace {

/// A file, under whatever names.
struct File {
  std::vector<std::size_t> clips;
  std::uintmax_t bytes = 0;
  std::string sha256;
  std::string reason;
};

/// The files behind all clips, links followed; a file that is not there is one by itself.
std::vector<File> files_of(const Manifest& manifest) {
  std::vector<File> files;
  std::map<std::pair<dev_t, ino_t>, std::size_t> seen;
  for (std::size_t i = 0; i < manifest.clips.size(); ++i) {
    struct stat status {};
    if (::stat(manifest.clips[i].path.c_str(), &status) != 0) {
      files.emplace_back().clips.push_back(i);
      continue;
    }
    const auto [place, is_new] = seen.try_emplace({status.st_dev, status.st_ino}, files.size());
    if (is_new) {
      // The size of a folder of frames says nothing of what is in it: all count as alike.
      const bool folder = S_ISDIR(status.st_mode);
      files.emplace_back().bytes = folder ? 0 : static_cast<std::uintmax_t>(status.st_size);
    }
    files[place->second].clips.push_back(i);
  }
  return files;
}

}  // namespace

FoundContents contents_of(const Manifest& manifest, ContentHashes& hashes, Contents which,
                          int threads, const ProgressFunction& progress,
                          const CancellationToken& cancel) {
  std::vector<File> files = files_of(manifest);
  std::map<std::uintmax_t, std::size_t> of_size;
  for (const File& file : files) of_size[file.bytes] += file.clips.size();
  const auto path_of = [&](const File& file) { return manifest.clips[file.clips.front()].path; };

  std::vector<File*> to_read;
  for (File& file : files) {
    if (auto known = hashes.known(path_of(file))) {
      file.sha256 = *std::move(known);
    } else if (which == Contents::of_all || of_size[file.bytes] > 1) {
      to_read.push_back(&file);
    }
  }
  for_each_index(
      to_read.size(), threads,
      [&](std::size_t i) {
        try {
          to_read[i]->sha256 = hashes.of(path_of(*to_read[i]));
        } catch (const ClipError& error) {
          to_read[i]->reason = error.reason();
        }
      },
      "compare", progress, cancel);

  FoundContents found;
  found.of_clips.resize(manifest.clips.size());
  found.reasons.resize(manifest.clips.size());
  for (const File& file : files) {
    for (const std::size_t i : file.clips) {
      if (!file.sha256.empty()) found.of_clips[i] = content_of(manifest.clips[i], file.sha256);
      found.reasons[i] = file.reason;
    }
  }
  return found;
}

}  // namespace vidclass::dataset
