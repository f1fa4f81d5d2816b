// Data sets that their makers publish, and fetching them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/download.hpp"
#include "core/progress.hpp"
#include "vidclass/hooks.hpp"

namespace vidclass::dataset {

struct PublishedArchive {
  PublishedFile file;
  /// What it unpacks to. With `nested`, a folder that we make for the archives inside.
  std::string folder;
  /// It holds archives, one a class, which are unpacked in turn.
  bool nested = false;
};

struct PublishedDataset {
  std::string name;  // "ucf101"
  std::string description;
  std::string page;  // where its makers tell of it, and of its terms
  std::size_t clips = 0;
  std::size_t classes = 0;
  std::vector<PublishedArchive> archives;
};

[[nodiscard]] const std::vector<PublishedDataset>& published_datasets();
/// Throws UsageError naming the known ones.
[[nodiscard]] const PublishedDataset& find_published_dataset(std::string_view name);

/// What fetching takes, all in bytes.
struct FetchPlan {
  std::uint64_t to_download = 0;
  std::uint64_t already_here = 0;  // of interrupted downloads, and archives that are whole
  /// The most that lies on the disk beyond what is there, archives and an estimate of their
  /// content: videos do not shrink in archives, so it is taken to be a tenth more.
  std::uint64_t space_needed = 0;
  std::uint64_t space_free = 0;
  std::vector<PublishedArchive> archives;  // still to unpack, with their sizes
};

struct FetchOptions {
  std::filesystem::path dir;
  /// Address of a folder that holds the archives under their names; empty: their makers'.
  std::string mirror;
  /// Archives stay in `dir` after they were unpacked.
  bool keep_archives = false;
};

/// Asks the server for the sizes. Throws Error.
[[nodiscard]] FetchPlan plan_fetch(const PublishedDataset& dataset, const FetchOptions& options,
                                   const CancellationToken& cancel = {});

/// Carries out a plan: downloads each archive (resuming), checks it, unpacks it beside its
/// final place and renames that, so that each folder is there whole or not at all. What is
/// there from an earlier call stays. Throws Error if the space does not suffice, before
/// anything is written, for what cannot be fetched and for archives that are damaged;
/// Cancelled.
void fetch(const FetchPlan& plan, const FetchOptions& options,
           const ProgressFunction& progress = {}, const CancellationToken& cancel = {});

}  // namespace vidclass::dataset
