// The layouts that open() knows: whether data fits one, and reading it.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "dataset/manifest.hpp"

namespace vidclass::dataset {

/// Where a layout's lists are, or why the data does not fit the layout.
struct Fit {
  std::vector<std::filesystem::path> lists;  // files, or the one folder that holds them
  std::string misfit;                        // empty: it fits

  [[nodiscard]] bool fits() const noexcept { return misfit.empty(); }
};

[[nodiscard]] Fit fit_folders(const std::filesystem::path& data, const OpenOptions& options);
[[nodiscard]] Fit fit_ucf101(const std::filesystem::path& data, const OpenOptions& options);
[[nodiscard]] Fit fit_hmdb51(const std::filesystem::path& data, const OpenOptions& options);
[[nodiscard]] Fit fit_kinetics(const std::filesystem::path& data, const OpenOptions& options);
[[nodiscard]] Fit fit_lists(const std::filesystem::path& data, const OpenOptions& options);
[[nodiscard]] Fit fit_csv(const std::filesystem::path& data, const OpenOptions& options);

// Each reads what its fit_...() found. Labels and clips are set, and notes; the
// rest of the manifest is open()'s.
[[nodiscard]] Manifest read_folders(const std::filesystem::path& data, const OpenOptions& options);
[[nodiscard]] Manifest read_ucf101(const std::filesystem::path& data, const Fit& fit,
                                   const OpenOptions& options);
[[nodiscard]] Manifest read_hmdb51(const std::filesystem::path& data, const Fit& fit,
                                   const OpenOptions& options);
[[nodiscard]] Manifest read_kinetics(const std::filesystem::path& data, const Fit& fit,
                                     const OpenOptions& options);
[[nodiscard]] Manifest read_lists(const std::filesystem::path& data, const Fit& fit,
                                  const OpenOptions& options);
[[nodiscard]] Manifest read_csv(const std::filesystem::path& data, const Fit& fit,
                                const OpenOptions& options);

/// Sets what the clips are by their names. Throws Error where they are of both kinds.
void set_content(Manifest& manifest);

/// What every layout must have in the end: clips of two classes. `remedy` ends
/// the message of the Error.
void require_two_classes(const Manifest& manifest, const std::string& remedy);

/// Throws Error when none of the listed files exists, naming the first and
/// `looked_in`, as when a list was moved away from its clips.
void require_any_file(const Manifest& manifest, const std::filesystem::path& looked_in);

/// Sets the labels from the name of each clip's, in the order of sort_labels(). Names that differ
/// by case or Unicode form only become one, in the spelling of most clips, with a note.
void set_labels(Manifest& manifest, const std::vector<std::string>& name_of_each);

/// Sorts labels as numbers if all of them are whole numbers, by byte value
/// otherwise.
void sort_labels(std::vector<std::string>& labels);

/// The folders in which lists of a data set are looked for: `options.splits`, or
/// `data` and those of `names` within it.
[[nodiscard]] std::vector<std::filesystem::path> list_folders(
    const std::filesystem::path& data, const OpenOptions& options,
    const std::vector<std::string>& names);

/// A folder of clips beside or within `data`: the first of `names` in which one of
/// `classes` is a folder, `data` itself before all.
[[nodiscard]] std::filesystem::path class_root(const std::filesystem::path& data,
                                               const OpenOptions& options,
                                               const std::vector<std::string>& classes,
                                               const std::vector<std::string>& names);

}  // namespace vidclass::dataset
