#include "dataset/scan.hpp"

#include <map>
#include <set>
#include <utility>

#include "core/feature_array.hpp"
#include "core/format.hpp"
#include "core/parallel.hpp"
#include "core/text.hpp"
#include "dataset/array_widths.hpp"
#include "dataset/contents.hpp"
#include "dataset/copies.hpp"
#include "dataset/deep_look.hpp"
#include "dataset/near_duplicate_list.hpp"
#include "dataset/near_duplicates.hpp"
#include "dataset/warnings.hpp"
#include "vidclass/error.hpp"
#include "video/probe.hpp"

namespace fs = std::filesystem;

namespace vidclass::dataset {
namespace {

/// Why the file cannot be used; empty if it opens.
std::string reason_against(const fs::path& path, Content content, const video::Limits& limits) {
  try {
    if (content == Content::arrays) {
      static_cast<void>(feature_array_shape(path));
    } else {
      static_cast<void>(video::probe(path, limits));
    }
    return {};
  } catch (const ClipError& error) {
    return error.reason();
  } catch (const Cancelled&) {
    throw;
  } catch (const Error& error) {
    return error.what();
  }
}

/// Clips that show the same, from the same place on: looked at once.
struct SharedContent {
  std::string content;
  std::vector<std::size_t> clips;
};

std::vector<SharedContent> shared_contents(const std::vector<std::string>& contents,
                                           const std::vector<std::string>& reasons) {
  std::vector<SharedContent> shared;
  std::map<std::string_view, std::size_t> places;
  for (std::size_t i = 0; i < contents.size(); ++i) {
    if (contents[i].empty() || !reasons[i].empty()) continue;
    const auto [place, is_new] = places.try_emplace(contents[i], shared.size());
    if (is_new) shared.push_back({contents[i], {}});
    shared[place->second].clips.push_back(i);
  }
  return shared;
}

class Scan {
public:
  Scan(const Manifest& manifest, const ScanOptions& options, const ProgressFunction& progress,
       const CancellationToken& cancel)
      : manifest_(manifest),
        options_(options),
        progress_(progress),
        cancel_(cancel),
        reasons_(manifest.clips.size()),
        damages_(manifest.clips.size()) {}

  ScanReport run() {
    ScanReport report;
    report.clips = manifest_.clips.size();
    open_files();
    report.contents = read_contents();
    const std::vector<std::string>& contents = report.contents;
    const std::vector<SharedContent> shared = shared_contents(contents, reasons_);
    const bool pictures = manifest_.content == Content::clips;
    if (options_.deep && pictures) decode_all(shared);
    if (options_.deep && !pictures) load_all(shared);
    if (options_.near_duplicates && pictures) {
      compare_footage(shared, report);
    } else {
      report.near_duplicates = known_among(contents);
    }
    for (std::size_t i = 0; i < reasons_.size(); ++i) {
      const fs::path& path = manifest_.clips[i].path;
      if (!reasons_[i].empty()) report.unusable.push_back({path, reasons_[i]});
      if (!damages_[i].empty()) report.damaged.push_back({path, damages_[i]});
    }
    judge_splits(manifest_, report);
    return report;
  }

private:
  void open_files() {
    for_each_index(
        reasons_.size(), options_.threads,
        [&](std::size_t i) {
          reasons_[i] = reason_against(manifest_.clips[i].path, manifest_.content, options_.limits);
        },
        "scan", progress_, cancel_);
  }

  std::vector<std::string> read_contents() {
    ContentHashes hashes(options_.cache_dir);
    const bool all = options_.near_duplicates || options_.deep;
    auto found =
        contents_of(manifest_, hashes, all ? Contents::of_all : Contents::of_possible_copies,
                    options_.threads, progress_, cancel_);
    hashes.save();
    for (std::size_t i = 0; i < reasons_.size(); ++i) {
      if (reasons_[i].empty()) reasons_[i] = found.reasons[i];
      // Two files that cannot be used are no matter for a split.
      if (!reasons_[i].empty()) found.of_clips[i].clear();
    }
    return std::move(found.of_clips);
  }

  void decode_all(const std::vector<SharedContent>& shared) {
    const FingerprintStore store(fingerprint_dir(options_.cache_dir));
    for_each_index(
        shared.size(), options_.threads,
        [&](std::size_t i) {
          const DeepLook look = look_deep(manifest_.clips[shared[i].clips.front()].source(),
                                          options_.limits, cancel_);
          if (look.fingerprint && !store.has(shared[i].content)) {
            store.store(shared[i].content, *look.fingerprint);
          }
          for (const std::size_t clip : shared[i].clips) {
            reasons_[clip] = look.reason;
            damages_[clip] = look.damage;
          }
        },
        "decode", progress_, cancel_);
  }

  void load_all(const std::vector<SharedContent>& shared) {
    for_each_index(
        shared.size(), options_.threads,
        [&](std::size_t i) {
          try {
            static_cast<void>(load_feature_array(manifest_.clips[shared[i].clips.front()].path));
          } catch (const ClipError& error) {
            for (const std::size_t clip : shared[i].clips) reasons_[clip] = error.reason();
          }
        },
        "load", progress_, cancel_);
  }

  void compare_footage(const std::vector<SharedContent>& shared, ScanReport& report) {
    std::vector<ClipContent> contents;
    std::vector<const SharedContent*> of_contents;
    for (const SharedContent& one : shared) {
      if (!reasons_[one.clips.front()].empty()) continue;
      contents.push_back({one.content, manifest_.clips[one.clips.front()].source()});
      of_contents.push_back(&one);
    }
    auto search = find_near_duplicates(contents, options_.cache_dir, options_.limits,
                                       options_.threads, progress_, cancel_);
    for (std::size_t i = 0; i < contents.size(); ++i) {
      for (const std::size_t clip : of_contents[i]->clips) {
        reasons_[clip] = search.reasons[i];
        if (!search.light[i]) continue;
        const fs::path& path = manifest_.clips[clip].path;
        if (is_very_dark(*search.light[i])) report.dark.push_back(path);
        if (is_very_flat(*search.light[i])) report.flat.push_back(path);
      }
    }
    report.near_duplicates = std::move(search.found);
    report.featureless = search.featureless;
  }

  [[nodiscard]] std::vector<NearDuplicate> known_among(
      const std::vector<std::string>& contents) const {
    const std::set<std::string> present(contents.begin(), contents.end());
    std::vector<NearDuplicate> pairs = NearDuplicateList(options_.cache_dir).pairs();
    std::erase_if(pairs, [&](const NearDuplicate& pair) {
      return !present.contains(pair.first) || !present.contains(pair.second);
    });
    return pairs;
  }

  const Manifest& manifest_;
  const ScanOptions& options_;
  const ProgressFunction& progress_;
  const CancellationToken& cancel_;
  std::vector<std::string> reasons_;  // why a clip is unusable
  std::vector<std::string> damages_;
};

std::vector<std::string> warnings_about_light(const ScanReport& report) {
  std::vector<std::string> warnings;
  const auto tell = [&](const std::vector<fs::path>& clips, const char* how) {
    if (clips.empty()) return;
    std::vector<std::string> names;
    for (const fs::path& clip : clips) names.push_back(clip.string());
    warnings.push_back(format("{} {}: {}", counted(clips.size(), "clip"), how, some_of(names)));
  };
  tell(report.dark,
       "so dark that little may be seen (nine tenths of the picture are in the lowest "
       "quarter of the range)");
  tell(report.flat, "so flat that little may be seen (less than a tenth of the range)");
  return warnings;
}

}  // namespace

void judge_splits(const Manifest& manifest, ScanReport& report) {
  report.classes = count_classes(manifest);
  report.leaks = find_leaks(manifest, report.contents, report.near_duplicates);
  report.warnings = manifest.notes;
  const auto add = [&](std::vector<std::string> warnings) {
    for (std::string& warning : warnings) report.warnings.push_back(std::move(warning));
  };
  std::map<fs::path, std::string> reason_of;
  for (const UnusableClip& clip : report.unusable) reason_of.emplace(clip.path, clip.reason);
  std::vector<std::string> reasons;
  for (const Clip& clip : manifest.clips) reasons.push_back(reason_of[clip.path]);
  add(warnings_about(manifest));
  add(warnings_about_widths(manifest, reasons));
  add(warnings_about_copies(manifest, same_contents(manifest, report.contents)));
  add(warnings_about_near_duplicates(manifest, report.contents, report.near_duplicates));
  add(warnings_about_light(report));
}

ScanReport scan(const Manifest& manifest, const ScanOptions& options,
                const ProgressFunction& progress, const CancellationToken& cancel) {
  return Scan(manifest, options, progress, cancel).run();
}

}  // namespace vidclass::dataset
