#include <algorithm>
#include <system_error>

#include "core/archive.hpp"
#include "core/format.hpp"
#include "core/text.hpp"
#include "dataset/clip_files.hpp"
#include "dataset/published.hpp"
#include "dataset/text_file.hpp"
#include "vidclass/error.hpp"

namespace fs = std::filesystem;

namespace vidclass::dataset {
namespace {

/// Removed again, with all that is in it, however its scope ends.
class ScratchFolder {
public:
  explicit ScratchFolder(fs::path path) : path_(std::move(path)) { remove(); }
  ~ScratchFolder() { remove(); }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  [[nodiscard]] const fs::path& path() const noexcept { return path_; }

private:
  void remove() const noexcept {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  fs::path path_;
};

fs::path archive_path(const PublishedArchive& archive, const fs::path& dir) {
  return dir / archive.file.name;
}

std::string address(const PublishedFile& file, const std::string& mirror) {
  if (mirror.empty()) return file.url;
  return mirror + (mirror.ends_with('/') ? "" : "/") + file.name;
}

std::string gigabytes(std::uint64_t bytes) {
  return format("{:.2f} GB", static_cast<double>(bytes) / 1e9);
}

/// Of the folder, or of the nearest above it that is there.
std::uint64_t free_space(const fs::path& dir) {
  fs::path there = fs::absolute(dir);
  while (!is_folder(there) && there.has_relative_path()) there = there.parent_path();
  std::error_code error;
  const fs::space_info space = fs::space(there, error);
  if (error)
    throw Error(format("cannot tell the free space at {}: {}", dir.string(), error.message()));
  return space.available;
}

void rename_into_place(const fs::path& from, const fs::path& to) {
  std::error_code error;
  fs::rename(from, to, error);
  if (error) throw Error(format("cannot write {}: {}", to.string(), error.message()));
}

/// What is wrong with an archive that arrived as its server has it is not mended by
/// fetching it again.
void unpack_named(const fs::path& archive, const fs::path& folder, const ProgressFunction& progress,
                  const CancellationToken& cancel) {
  try {
    static_cast<void>(unpack(archive, folder, progress, cancel));
  } catch (const Cancelled&) {
    throw;
  } catch (const Error& error) {
    throw Error(
        format("{}; the archive was kept: unpack it with another program, or delete it to "
               "fetch it again",
               error.what()));
  }
}

/// The archives inside, each into `folder` and then gone, so that the disk holds one of them
/// twice and not all.
void unpack_nested(const fs::path& inside, const fs::path& folder, const ProgressFunction& progress,
                   const CancellationToken& cancel) {
  const auto archives = files_in(inside, {".rar", ".zip"});
  if (archives.empty()) throw Error(format("{} holds no archives", inside.string()));
  for (const fs::path& archive : archives) {
    unpack_named(archive, folder, progress, cancel);
    fs::remove(archive);
  }
}

void unpack_into_place(const PublishedArchive& archive, const fs::path& dir,
                       const ProgressFunction& progress, const CancellationToken& cancel) {
  const ScratchFolder scratch(dir / ".unpacking");
  const fs::path source = archive_path(archive, dir);
  const fs::path final_place = dir / archive.folder;
  if (archive.nested) {
    unpack_named(source, scratch.path() / "archives", progress, cancel);
    unpack_nested(scratch.path() / "archives", scratch.path() / "content", progress, cancel);
    rename_into_place(scratch.path() / "content", final_place);
    return;
  }
  unpack_named(source, scratch.path(), progress, cancel);
  if (!is_folder(scratch.path() / archive.folder)) {
    throw Error(format("{} does not hold the folder {}: it is not the published archive",
                       source.string(), archive.folder));
  }
  rename_into_place(scratch.path() / archive.folder, final_place);
}

}  // namespace

FetchPlan plan_fetch(const PublishedDataset& dataset, const FetchOptions& options,
                     const CancellationToken& cancel) {
  FetchPlan plan;
  plan.space_free = free_space(options.dir);
  std::uint64_t largest_twice = 0;
  for (PublishedArchive archive : dataset.archives) {
    if (is_folder(options.dir / archive.folder)) continue;
    const fs::path target = archive_path(archive, options.dir);
    archive.file.url = address(archive.file, options.mirror);
    const bool whole = is_file(target);
    archive.file.bytes = whole ? fs::file_size(target) : remote_size(archive.file.url, cancel);
    const std::uint64_t here =
        whole ? archive.file.bytes : std::min(downloaded_part(target), archive.file.bytes);
    plan.already_here += here;
    plan.to_download += archive.file.bytes - here;
    // Archives within an archive lie on the disk beside what they unpack to.
    if (archive.nested) largest_twice = std::max(largest_twice, archive.file.bytes);
    plan.space_needed += archive.file.bytes - here + archive.file.bytes / 10 * 11;
    plan.archives.push_back(std::move(archive));
  }
  plan.space_needed += largest_twice;
  return plan;
}

void fetch(const FetchPlan& plan, const FetchOptions& options, const ProgressFunction& progress,
           const CancellationToken& cancel) {
  if (plan.space_needed > plan.space_free) {
    throw Error(format("{} has {} free, and about {} are needed", options.dir.string(),
                       gigabytes(plan.space_free), gigabytes(plan.space_needed)));
  }
  for (const PublishedArchive& archive : plan.archives) {
    const fs::path target = archive_path(archive, options.dir);
    if (!is_file(target)) download(archive.file, target, progress, cancel);
    unpack_into_place(archive, options.dir, progress, cancel);
    std::error_code ignored;
    if (!options.keep_archives) fs::remove(target, ignored);
  }
}

}  // namespace vidclass::dataset
