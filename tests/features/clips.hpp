// Small clips to extract features of.
#pragma once

#include <filesystem>
#include <vector>

#include "video/clip_source.hpp"

namespace vidclass::testing {

/// Writes an AVI of `frames` frames, 64 x 48 pixels, whose pictures depend on
/// `seed` and change over time. Gives `path` back.
std::filesystem::path make_clip(const std::filesystem::path& path, int seed = 1, int frames = 12);
/// DIR/clip0.avi, DIR/clip1.avi, ..., each of another content.
[[nodiscard]] std::vector<std::filesystem::path> make_clips(const std::filesystem::path& dir,
                                                            int count);
/// The same, as an extractor takes them.
[[nodiscard]] std::vector<video::ClipSource> make_sources(const std::filesystem::path& dir,
                                                          int count);
/// Writes a file that is no video. Gives `path` back.
std::filesystem::path make_junk(const std::filesystem::path& path);

/// The entries of a feature cache, sorted.
[[nodiscard]] std::vector<std::filesystem::path> entries_in(const std::filesystem::path& cache);
/// The names of all files below `dir` that are neither entries nor the list of
/// contents, so: what a writer left behind.
[[nodiscard]] std::vector<std::filesystem::path> strays_in(const std::filesystem::path& cache);

}  // namespace vidclass::testing
