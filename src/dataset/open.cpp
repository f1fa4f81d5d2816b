#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <system_error>

#include "core/format.hpp"
#include "core/input.hpp"
#include "core/text.hpp"
#include "core/unicode.hpp"
#include "dataset/clip_files.hpp"
#include "dataset/layouts.hpp"
#include "dataset/text_file.hpp"
#include "vidclass/error.hpp"
#include "video/probe.hpp"

namespace fs = std::filesystem;

namespace vidclass::dataset {
namespace {

constexpr const char* what_is_right =
    "a folder with one sub-folder a class, or a CSV file with the columns path and label";

Fit fit_of(Layout layout, const fs::path& data, const OpenOptions& options) {
  switch (layout) {
    case Layout::folders:
      return fit_folders(data, options);
    case Layout::ucf101:
      return fit_ucf101(data, options);
    case Layout::hmdb51:
      return fit_hmdb51(data, options);
    case Layout::kinetics:
      return fit_kinetics(data, options);
    case Layout::lists:
      return fit_lists(data, options);
    case Layout::csv:
      return fit_csv(data, options);
  }
  return {};
}

Manifest read_as(Layout layout, const fs::path& data, const Fit& fit, const OpenOptions& options) {
  switch (layout) {
    case Layout::folders:
      return read_folders(data, options);
    case Layout::ucf101:
      return read_ucf101(data, fit, options);
    case Layout::hmdb51:
      return read_hmdb51(data, fit, options);
    case Layout::kinetics:
      return read_kinetics(data, fit, options);
    case Layout::lists:
      return read_lists(data, fit, options);
    case Layout::csv:
      return read_csv(data, fit, options);
  }
  return {};
}

struct Recognised {
  Layout layout;
  Fit fit;
};

[[noreturn]] void throw_not_recognised(const fs::path& data, const OpenOptions& options) {
  if (options.splits && is_folder(data)) {
    throw UsageError(
        format("{} holds no split lists: neither UCF101's (classInd.txt, "
               "trainlistNN.txt, testlistNN.txt), nor HMDB51's "
               "(<class>_test_split1.txt), nor Kinetics's, nor lists of clips and label "
               "numbers",
               options.splits->string()));
  }
  throw UsageError(format("{} is {}, not a data set; expected {}", data.string(),
                          video::has_video_extension(data) ? "one video" : "a file",
                          what_is_right));
}

/// The first layout that fits; those with marks of their own before those without.
Recognised recognise(const fs::path& data, const OpenOptions& options) {
  constexpr std::array of_folders{Layout::ucf101, Layout::hmdb51, Layout::kinetics,
                                  Layout::lists,  Layout::csv,    Layout::folders};
  constexpr std::array of_files{Layout::kinetics, Layout::lists, Layout::csv};
  const auto first_of = [&](const auto& layouts) -> Recognised {
    for (const Layout layout : layouts) {
      Fit fit = fit_of(layout, data, options);
      if (fit.fits()) return {layout, std::move(fit)};
    }
    throw_not_recognised(data, options);
  };
  if (is_folder(data)) return first_of(of_folders);
  if (content_by_name(data)) throw_not_recognised(data, options);
  // A CSV that fits but for an option is worth its own reason.
  const Fit csv = fit_csv(data, options);
  if (!csv.fits() && lower(data.extension().string()) == ".csv") throw UsageError(csv.misfit);
  return first_of(of_files);
}

Recognised forced(Layout layout, const fs::path& data, const OpenOptions& options) {
  Fit fit = fit_of(layout, data, options);
  if (fit.fits()) return {layout, std::move(fit)};
  throw UsageError(format("the layout {} does not fit: {}", to_string(layout), fit.misfit));
}

/// Options that the layout has no use for are mistakes.
void refuse_unused(Layout layout, const fs::path& data, const OpenOptions& options) {
  const bool csv_file = layout == Layout::csv && !is_folder(data);
  if (options.fold != 1 && (layout == Layout::folders || csv_file || layout == Layout::kinetics)) {
    throw UsageError(
        format("fold {} was asked for, but {} has no split lists (classInd.txt, "
               "trainlistNN.txt, testlistNN.txt)",
               options.fold, data.string()));
  }
  if (options.label_names && layout != Layout::lists) {
    throw UsageError(format("names of labels go with lists of label numbers; {} is read as {}",
                            data.string(), to_string(layout)));
  }
  if (options.split_folders && layout != Layout::folders) {
    throw UsageError(format("split_folders goes with one folder a class; {} is read as {}",
                            data.string(), to_string(layout)));
  }
  if (options.root && layout == Layout::folders) {
    throw UsageError(
        format("a root goes with lists; {} is read as one folder a class", data.string()));
  }
}

void require_named_files(const OpenOptions& options) {
  if (options.splits) require_input(*options.splits, "a folder with split lists, or one list");
  if (options.root) require_input(*options.root, "the folder that listed paths are relative to");
  if (options.label_names) require_input(*options.label_names, "a file with one label a line");
}

}  // namespace

void set_content(Manifest& manifest) {
  const Clip* of_clips = nullptr;
  const Clip* of_arrays = nullptr;
  for (const Clip& clip : manifest.clips) {
    const bool array = content_by_name(clip.path) == Content::arrays;
    (array ? of_arrays : of_clips) = &clip;
  }
  if (of_clips && of_arrays) {
    throw Error(
        format("{} mixes clips and feature arrays ({} and {}); a data set must be all of one "
               "kind",
               manifest.source.string(), of_clips->path.string(), of_arrays->path.string()));
  }
  manifest.content = of_arrays ? Content::arrays : Content::clips;
}

Manifest open(const fs::path& data, const OpenOptions& options) {
  if (options.fold < 1 || options.fold > 99) {
    throw UsageError("fold " + std::to_string(options.fold) + " is out of range: use 1 to 99");
  }
  require_input(data, what_is_right);
  require_named_files(options);
  // An encoding that is none is a mistake, whatever the data holds.
  if (!options.encoding.empty()) static_cast<void>(to_utf8("", options.encoding));
  const Recognised recognised =
      options.layout ? forced(*options.layout, data, options) : recognise(data, options);
  refuse_unused(recognised.layout, data, options);
  Manifest manifest = read_as(recognised.layout, data, recognised.fit, options);
  manifest.layout = recognised.layout;
  for (const fs::path& list : recognised.fit.lists) {
    const auto files = is_folder(list) ? files_in(list, {".txt"}) : std::vector{list};
    manifest.lists.insert(manifest.lists.end(), files.begin(), files.end());
  }
  set_content(manifest);
  return manifest;
}

void require_two_classes(const Manifest& manifest, const std::string& remedy) {
  std::set<std::size_t> present;
  for (const Clip& clip : manifest.clips) present.insert(clip.label);
  if (present.size() >= 2) return;
  const std::string found =
      present.empty() ? "no clips"
                      : "one class only (" + in_quotes(manifest.labels.at(*present.begin())) +
                            ", " + counted(manifest.clips.size(), "clip") + ")";
  throw Error(manifest.source.string() + " holds " + found + "; at least two classes are needed" +
              remedy);
}

void require_any_file(const Manifest& manifest, const fs::path& looked_in) {
  const auto exists = [](const Clip& clip) {
    std::error_code ignored;
    return fs::exists(clip.path, ignored);
  };
  if (std::any_of(manifest.clips.begin(), manifest.clips.end(), exists)) return;
  throw Error("none of the " + counted(manifest.clips.size(), "file") + " that " +
              manifest.source.string() + " lists is there; the first, " +
              manifest.clips.front().path.string() + ", was looked for in " + looked_in.string());
}

void set_labels(Manifest& manifest, const std::vector<std::string>& name_of_each) {
  // Spellings of one name, and how many clips have each.
  std::map<std::string, std::map<std::string, std::size_t>> spellings;
  std::map<std::string, std::string> key_of;
  for (const std::string& name : name_of_each) {
    const auto [known, is_new] = key_of.try_emplace(name);
    if (is_new) known->second = folded(name);
    ++spellings[known->second][name];
  }
  std::vector<std::string> merged;
  std::map<std::string, std::string> label_of_key;
  for (const auto& [key, counts] : spellings) {
    const auto most =
        std::max_element(counts.begin(), counts.end(),
                         [](const auto& a, const auto& b) { return a.second < b.second; });
    label_of_key.emplace(key, most->first);
    manifest.labels.push_back(most->first);
    if (counts.size() > 1) merged.push_back(most->first);
  }
  sort_labels(manifest.labels);
  if (!merged.empty()) {
    manifest.notes.push_back(
        format("{} spelled in several ways that differ by case or Unicode form only; each is one "
               "class: {}",
               counted(merged.size(), "label"), some_of(merged)));
  }
  std::map<std::string, std::size_t> index_of;
  for (std::size_t i = 0; i < manifest.labels.size(); ++i) index_of[manifest.labels[i]] = i;
  for (std::size_t i = 0; i < name_of_each.size(); ++i) {
    manifest.clips[i].label = index_of.at(label_of_key.at(key_of.at(name_of_each[i])));
  }
}

void sort_labels(std::vector<std::string>& labels) {
  const bool numbers = std::all_of(labels.begin(), labels.end(), is_digits);
  std::sort(labels.begin(), labels.end(), [&](const std::string& a, const std::string& b) {
    if (!numbers) return a < b;
    const auto value = [](std::string_view digits) {
      digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
      return digits;
    };
    const auto of_a = value(a), of_b = value(b);
    if (of_a.size() != of_b.size()) return of_a.size() < of_b.size();
    return of_a != of_b ? of_a < of_b : a < b;
  });
}

std::vector<fs::path> list_folders(const fs::path& data, const OpenOptions& options,
                                   const std::vector<std::string>& names) {
  if (options.splits) {
    return is_folder(*options.splits) ? std::vector{*options.splits} : std::vector<fs::path>();
  }
  std::vector<fs::path> folders{data};
  for (const std::string& name : names) folders.push_back(data / name);
  std::erase_if(folders, [](const fs::path& folder) { return !is_folder(folder); });
  return folders;
}

fs::path class_root(const fs::path& data, const OpenOptions& options,
                    const std::vector<std::string>& classes,
                    const std::vector<std::string>& names) {
  if (options.root) return *options.root;
  std::vector<fs::path> candidates{data};
  for (const std::string& name : names) candidates.push_back(data / name);
  for (const fs::path& candidate : candidates) {
    for (const std::string& label : classes) {
      if (is_folder(candidate / label)) return candidate;
    }
  }
  return data;
}

}  // namespace vidclass::dataset
