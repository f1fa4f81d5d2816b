#include "dataset/leaks.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <utility>

#include "core/content_hashes.hpp"
#include "core/format.hpp"
#include "dataset/contents.hpp"
#include "dataset/near_duplicate_list.hpp"

namespace vidclass::dataset {
namespace {

constexpr char span_mark = '@';

double end_of(const Clip& clip) {
  return clip.end.value_or(std::numeric_limits<double>::infinity());
}

bool connects_splits(const std::vector<std::size_t>& clips, const Manifest& manifest) {
  return std::any_of(clips.begin(), clips.end(), [&](std::size_t i) {
    return manifest.clips[i].split != manifest.clips[clips.front()].split;
  });
}

void add_if_leak(Leak leak, const Manifest& manifest, std::vector<Leak>& leaks) {
  std::erase_if(leak.clips, [&](std::size_t i) { return manifest.clips[i].split == Split::none; });
  if (leak.clips.empty() || !connects_splits(leak.clips, manifest)) return;
  std::sort(leak.clips.begin(), leak.clips.end());
  leaks.push_back(std::move(leak));
}

void sort_by_first_clip(std::vector<Leak>::iterator begin, std::vector<Leak>::iterator end) {
  std::stable_sort(begin, end,
                   [](const Leak& a, const Leak& b) { return a.clips.front() < b.clips.front(); });
}

void add_same_contents(const Manifest& manifest, const std::vector<std::string>& contents,
                       std::vector<Leak>& leaks) {
  for (auto& clips : same_contents(manifest, contents)) {
    Leak leak;
    leak.kind = LeakKind::same_content;
    leak.clips = std::move(clips);
    add_if_leak(std::move(leak), manifest, leaks);
  }
}

void add_near_duplicates(const std::vector<std::string>& contents, const Manifest& manifest,
                         const std::vector<NearDuplicate>& near_duplicates,
                         std::vector<Leak>& leaks) {
  std::map<std::string_view, std::vector<std::size_t>> clips_of;
  for (std::size_t i = 0; i < contents.size(); ++i) {
    if (!contents[i].empty()) clips_of[contents[i]].push_back(i);
  }
  for (const NearDuplicate& pair : near_duplicates) {
    const auto first = clips_of.find(pair.first);
    const auto second = clips_of.find(pair.second);
    if (first == clips_of.end() || second == clips_of.end()) continue;
    // Copies of one content among themselves are another kind of leak.
    const auto has_other = [&](const auto& some, const auto& others) {
      return std::any_of(some.begin(), some.end(), [&](std::size_t i) {
        return std::any_of(others.begin(), others.end(), [&](std::size_t j) {
          const Split a = manifest.clips[i].split;
          const Split b = manifest.clips[j].split;
          return a != b && a != Split::none && b != Split::none;
        });
      });
    };
    if (!has_other(first->second, second->second)) continue;
    Leak leak;
    leak.kind = LeakKind::near_duplicate;
    leak.clips = first->second;
    leak.clips.insert(leak.clips.end(), second->second.begin(), second->second.end());
    leak.mirrored = pair.mirrored;
    leak.shift = pair.shift;
    leak.overlap = pair.overlap;
    add_if_leak(std::move(leak), manifest, leaks);
  }
}

void add_groups(const Manifest& manifest, std::vector<Leak>& leaks) {
  std::map<std::string_view, std::vector<std::size_t>> groups;
  for (std::size_t i = 0; i < manifest.clips.size(); ++i) {
    if (!manifest.clips[i].group.empty()) groups[manifest.clips[i].group].push_back(i);
  }
  for (auto& [name, clips] : groups) {
    Leak leak;
    leak.kind = LeakKind::group;
    leak.clips = std::move(clips);
    leak.group = name;
    add_if_leak(std::move(leak), manifest, leaks);
  }
}

void add_recordings(const Manifest& manifest, std::vector<Leak>& leaks) {
  std::map<std::size_t, std::vector<std::size_t>> recordings;
  for (std::size_t i = 0; i < manifest.clips.size(); ++i) {
    if (manifest.clips[i].recording > 0) recordings[manifest.clips[i].recording].push_back(i);
  }
  const std::vector<Leak> told = leaks;
  for (auto& [number, clips] : recordings) {
    if (clips.size() < 2) continue;
    const bool is_told = std::any_of(told.begin(), told.end(), [&clips = clips](const Leak& leak) {
      return std::includes(leak.clips.begin(), leak.clips.end(), clips.begin(), clips.end());
    });
    if (is_told) continue;
    Leak leak;
    leak.kind = LeakKind::recording;
    leak.clips = std::move(clips);
    add_if_leak(std::move(leak), manifest, leaks);
  }
}

}  // namespace

std::string_view to_string(LeakKind kind) noexcept {
  switch (kind) {
    case LeakKind::same_content:
      return "same content";
    case LeakKind::near_duplicate:
      return "near duplicate";
    case LeakKind::group:
      return "group";
    case LeakKind::recording:
      return "recording";
  }
  return "";
}

std::vector<Split> splits_of(const Leak& leak, const Manifest& manifest) {
  std::set<Split> splits;
  for (const std::size_t i : leak.clips) splits.insert(manifest.clips[i].split);
  return {splits.begin(), splits.end()};
}

std::string content_of(const Clip& clip, std::string_view sha256) {
  if (clip.source().whole()) return std::string(sha256);
  return format("{}{}{}-{}", sha256, span_mark, clip.start,
                clip.end ? format("{}", *clip.end) : std::string());
}

std::vector<std::vector<std::size_t>> same_contents(const Manifest& manifest,
                                                    const std::vector<std::string>& contents) {
  std::map<std::string_view, std::vector<std::size_t>> of_file;
  for (std::size_t i = 0; i < contents.size(); ++i) {
    const std::string_view content = contents[i];
    if (!content.empty()) of_file[content.substr(0, content.find(span_mark))].push_back(i);
  }
  std::vector<std::vector<std::size_t>> sets;
  for (auto& [sha256, clips] : of_file) {
    std::stable_sort(clips.begin(), clips.end(), [&](std::size_t a, std::size_t b) {
      return manifest.clips[a].start < manifest.clips[b].start;
    });
    std::vector<std::size_t> set;
    double reach = 0;
    const auto close = [&] {
      std::sort(set.begin(), set.end());
      if (set.size() > 1) sets.push_back(set);
      set.clear();
    };
    for (const std::size_t i : clips) {
      if (!set.empty() && manifest.clips[i].start >= reach) close();
      reach = set.empty() ? end_of(manifest.clips[i]) : std::max(reach, end_of(manifest.clips[i]));
      set.push_back(i);
    }
    close();
  }
  std::sort(sets.begin(), sets.end());
  return sets;
}

std::vector<Leak> find_leaks(const Manifest& manifest, const std::vector<std::string>& contents,
                             const std::vector<NearDuplicate>& near_duplicates) {
  std::vector<Leak> leaks;
  const auto add_sorted = [&](const auto& add) {
    const auto before = static_cast<std::ptrdiff_t>(leaks.size());
    add();
    sort_by_first_clip(leaks.begin() + before, leaks.end());
  };
  add_sorted([&] { add_same_contents(manifest, contents, leaks); });
  add_sorted([&] { add_near_duplicates(contents, manifest, near_duplicates, leaks); });
  // Found ones are no more than likely.
  if (!manifest.found_groups) add_sorted([&] { add_groups(manifest, leaks); });
  add_sorted([&] { add_recordings(manifest, leaks); });
  return leaks;
}

std::vector<Leak> known_leaks(const Manifest& manifest, const std::filesystem::path& cache_dir,
                              int threads, const ProgressFunction& progress,
                              const CancellationToken& cancel) {
  ContentHashes hashes(cache_dir);
  const auto contents =
      contents_of(manifest, hashes, Contents::of_possible_copies, threads, progress, cancel)
          .of_clips;
  hashes.save();
  return find_leaks(manifest, contents, NearDuplicateList(cache_dir).pairs());
}

}  // namespace vidclass::dataset
