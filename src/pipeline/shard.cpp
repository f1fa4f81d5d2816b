#include "pipeline/shard.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>
#include <system_error>
#include <utility>

#include "core/atomic_file.hpp"
#include "core/content_hashes.hpp"
#include "core/format.hpp"
#include "core/hash.hpp"
#include "core/join_safetensors.hpp"
#include "core/json.hpp"
#include "features/cache.hpp"
#include "features/cache_maintenance.hpp"
#include "pipeline/find_clips.hpp"
#include "vidclass/error.hpp"

namespace vidclass::pipeline {
namespace {

namespace fs = std::filesystem;

// More are a mistake or a damaged file.
constexpr std::size_t most_shards = 1'000'000;
constexpr const char* part_key = "vidclass_part";
constexpr const char* contents_key = "vidclass_contents";

/// What the parts of one job have in common, whatever folder the data is mounted at.
std::string checksum_of_list(const ExtractRequest& request) {
  Hasher hasher(HashKind::sha256);
  for (std::size_t i = 0; i < request.clips.size(); ++i) {
    const video::ClipSource& clip = request.clips[i];
    const std::string name = request.names.empty() ? clip.path.string() : request.names[i];
    hasher.update(format("{} {} {}\n", name, clip.start, clip.end.value_or(-1)));
  }
  return hasher.finish();
}

std::string checksum_of_settings(const ExtractRequest& request,
                                 const features::FeatureSettings& settings) {
  return sha256(format("{} {} {} {}", features::cache_key("", settings, 0, std::nullopt),
                       settings.streams.appearance, settings.streams.motion,
                       !request.faded.empty()));
}

ExtractRequest request_of_shard(const ExtractRequest& whole, const Shard& shard) {
  ExtractRequest part{.clips = {}, .features = whole.features};
  part.source = whole.source;
  part.require_usable = false;
  part.features.cache_dir.clear();
  part.features.shared_cache = false;
  // All parts must be calibrated alike.
  if (part.features.calibration_clips.empty()) part.features.calibration_clips = whole.clips;
  const std::set<std::size_t> faded(whole.faded.begin(), whole.faded.end());
  for (std::size_t i = shard.index; i < whole.clips.size(); i += shard.count) {
    if (faded.contains(i)) part.faded.push_back(part.clips.size());
    part.clips.push_back(whole.clips[i]);
  }
  return part;
}

/// The folder for the entries of an unfinished part, emptied unless they are of the same job.
/// Throws UsageError for a folder of the user's.
fs::path folder_for_entries(const fs::path& output, const std::string& job) {
  fs::path folder = output;
  folder += ".entries";
  const fs::path mark = folder / "job";
  std::error_code error;
  if (fs::exists(mark, error)) {
    if (read_text_file(mark) == job) return folder;
  } else if (fs::exists(folder, error) && !fs::is_empty(folder, error)) {
    throw UsageError(
        format("{} is there already, and not of an unfinished shard: name another "
               "output",
               folder.string()));
  }
  fs::remove_all(folder, error);
  write_file_atomically(mark, job);
  return folder;
}

/// By their names, so that equal parts are equal files.
std::vector<PrefixedFile> entries_in(const fs::path& folder) {
  std::vector<PrefixedFile> files;
  for (const features::CacheEntry& entry : features::list_entries(folder)) {
    // DIR/KIND/ab/abcd....safetensors, without KIND for features.
    const fs::path kind = entry.path.parent_path().parent_path().lexically_relative(folder);
    const std::string prefix = kind == "." ? "" : kind.string() + "/";
    files.push_back({prefix + entry.key + "/", entry.path});
  }
  std::sort(files.begin(), files.end(),
            [](const auto& a, const auto& b) { return a.prefix < b.prefix; });
  return files;
}

/// Path and key, or error, of each clip. Throws Error where `files` lack an entry.
Json clips_json(const ExtractRequest& part, const ExtractOutcome& outcome, ContentHashes& hashes,
                const std::vector<PrefixedFile>& files) {
  std::map<fs::path, std::string> reasons;
  for (const UnusableClip& clip : outcome.report.unusable) reasons[clip.path] = clip.reason;
  std::set<std::string> entries;
  for (const PrefixedFile& file : files) entries.insert(file.prefix);
  const bool appearance = outcome.settings.streams.appearance;
  const std::string kind = appearance ? "" : std::string(features::motion_folder) + "/";
  Json list = Json::array();
  for (const video::ClipSource& clip : part.clips) {
    Json& each = list.emplace_back(Json{{"path", clip.path.string()}});
    if (const auto found = reasons.find(clip.path); found != reasons.end()) {
      each["error"] = found->second;
      continue;
    }
    const std::string key =
        appearance ? features::cache_key(hashes.of(clip), outcome.settings, clip.start, clip.end)
                   : features::motion_key(hashes.of(clip), outcome.settings, clip.start, clip.end);
    if (!entries.contains(kind + key + "/")) {
      throw Error(
          format("{}: what was extracted of it has gone: does another process work on the "
                 "same shard?",
                 clip.path.string()));
    }
    each["key"] = key;
  }
  return list;
}

/// One part of a job, as it is read.
class Part {
public:
  explicit Part(const fs::path& path) : path_(path), file_(path) {
    const auto found = file_.metadata().find(part_key);
    if (found == file_.metadata().end()) {
      throw Error(
          format("{} is no part of a feature cache (vidclass extract --shard I/N)", path.string()));
    }
    try {
      const Json document = parse_json(found->second);
      shard = {document.at("shard").get<std::size_t>(), document.at("shards").get<std::size_t>()};
      clips_in_all = document.at("clips_in_all").get<std::size_t>();
      list = document.at("list").get<std::string>();
      settings = document.at("settings").get<std::string>();
      for (const Json& clip : document.at("clips")) {
        if (clip.contains("error")) {
          unusable.push_back(
              {clip.at("path").get<std::string>(), clip.at("error").get<std::string>()});
        }
      }
      clips = document.at("clips").size();
    } catch (const JsonException&) {
      damaged("its metadata are not those of a part");
    }
    if (shard.index >= shard.count || shard.count > most_shards) damaged("it names no shard");
  }

  /// Throws UsageError if the two are not of one job.
  void require_same_job(const Part& first) const {
    if (list != first.list || shard.count != first.shard.count) {
      throw UsageError(format("{} is a part of other clips, or in other shards, than {}",
                              path_.string(), first.path_.string()));
    }
    if (settings != first.settings) {
      throw UsageError(
          format("{} was made with other settings than {}: give all shards the same options, "
                 "--precision among them, which \"auto\" takes from the CPU",
                 path_.string(), first.path_.string()));
    }
  }

  /// Calls `use(kind, key, load)` for each entry; `load()` gives its arrays.
  template <typename Use>
  void for_each_entry(Use use) const {
    std::map<std::pair<std::string, std::string>, std::map<std::string, std::string>> entries;
    for (const std::string& name : file_.names()) {
      const auto [kind, key, array] = parsed(name);
      entries[{kind, key}][array] = name;
    }
    for (const auto& [entry, names] : entries) {
      use(entry.first, entry.second, [&, &names = names] {
        NamedTensors arrays;
        for (const auto& [array, name] : names) arrays.emplace(array, file_.load(name));
        return arrays;
      });
    }
  }

  [[nodiscard]] ContentList contents() const {
    const auto found = file_.metadata().find(contents_key);
    return found == file_.metadata().end() ? ContentList() : parse_content_list(found->second);
  }

  Shard shard;
  std::size_t clips_in_all = 0;
  std::string list, settings;
  std::size_t clips = 0;  // unusable ones among them
  std::vector<UnusableClip> unusable;

private:
  [[noreturn]] void damaged(const std::string& why) const {
    throw Error(format("{} is damaged: {}", path_.string(), why));
  }

  struct Name {
    std::string kind, key, array;
  };
  /// KEY/ARRAY or KIND/KEY/ARRAY. They become paths, which must not lead out of the cache.
  [[nodiscard]] Name parsed(const std::string& name) const {
    const std::string motion = std::string(features::motion_folder) + "/";
    const std::string kind = name.starts_with(motion) ? features::motion_folder : "";
    const std::string rest = kind.empty() ? name : name.substr(motion.size());
    const std::size_t slash = std::min(rest.find('/'), rest.size());
    if (!features::is_key(rest.substr(0, slash)) || slash == rest.size()) {
      damaged(format("the array {} belongs to no entry", name));
    }
    return {kind, rest.substr(0, slash), rest.substr(slash + 1)};
  }

  fs::path path_;
  SafetensorsFile file_;
};

std::size_t clips_of(const Shard& shard, std::size_t clips_in_all) {
  return shard.index < clips_in_all ? (clips_in_all - shard.index - 1) / shard.count + 1 : 0;
}

}  // namespace

Shard shard_from(std::string_view text) {
  Shard shard;
  const char* const end = text.data() + text.size();
  const auto index = std::from_chars(text.data(), end, shard.index);
  const bool divided = index.ec == std::errc() && index.ptr != end && *index.ptr == '/';
  const auto count = divided ? std::from_chars(index.ptr + 1, end, shard.count) : index;
  if (!divided || count.ec != std::errc() || count.ptr != end || shard.index >= shard.count ||
      shard.count > most_shards) {
    throw UsageError(
        format("the shard \"{}\" is none: I/N is the I-th of N, counted from 0: \"0/8\" to \"7/8\"",
               text));
  }
  return shard;
}

ExtractOutcome extract_shard(const ExtractRequest& request, const Shard& shard,
                             const Hooks& hooks) {
  if (request.output.extension() != ".safetensors") {
    throw UsageError(
        format("{}: a shard is written as one .safetensors file", request.output.string()));
  }
  if (request.features.array_width > 0) {
    throw UsageError("feature arrays are made already: there is nothing to extract in shards");
  }
  files_of(request.clips).refuse(request.output, request.overwrite);
  const std::string list = checksum_of_list(request);
  ExtractRequest part = request_of_shard(request, shard);
  const std::string settings = checksum_of_settings(
      request, features::Extractor(part.features, hooks.progress, hooks.cancel).settings());
  const fs::path entries =
      folder_for_entries(request.output, format("{} {} {}", list, settings, shard.index));
  part.features.cache_dir = entries;

  ExtractOutcome outcome = extract(part, hooks);
  ContentHashes hashes(entries);
  const std::vector<PrefixedFile> files = entries_in(entries);
  const Json document{{"shard", shard.index},
                      {"shards", shard.count},
                      {"clips_in_all", request.clips.size()},
                      {"list", list},
                      {"settings", settings},
                      {"clips", clips_json(part, outcome, hashes, files)}};
  Metadata metadata{{part_key, to_text(document)}};
  std::error_code error;
  if (const fs::path contents = entries / "contents.tsv"; fs::exists(contents, error)) {
    metadata[contents_key] = read_text_file(contents);
  }
  join_safetensors(request.output, files, metadata);
  outcome.written = files.size();
  fs::remove_all(entries, error);
  return outcome;
}

MergeOutcome merge_shards(std::span<const fs::path> parts, const fs::path& cache,
                          const Hooks& hooks) {
  if (parts.empty()) throw UsageError("name the parts to merge");
  MergeOutcome outcome;
  std::set<std::size_t> seen;
  const Part first(parts.front());
  outcome.shards = first.shard.count;
  ContentHashes hashes(cache);
  std::size_t done = 0;
  for (const fs::path& path : parts) {
    hooks.cancel.check();
    const Part part(path);
    part.require_same_job(first);
    if (!seen.insert(part.shard.index).second) continue;
    part.for_each_entry([&](const std::string& kind, const std::string& key, const auto& load) {
      const features::FeatureCache into(cache / kind);
      std::error_code error;
      if (fs::exists(into.path_of(key), error)) {
        ++outcome.there_before;
        return;
      }
      into.store(key, load());
      ++outcome.added;
    });
    hashes.add(part.contents());
    outcome.clips += part.clips - part.unusable.size();
    outcome.unusable.insert(outcome.unusable.end(), part.unusable.begin(), part.unusable.end());
    if (hooks.progress) hooks.progress({"merge", ++done, parts.size(), ""});
  }
  hashes.save();
  for (std::size_t i = 0; i < outcome.shards; ++i) {
    if (seen.contains(i)) continue;
    outcome.missing.push_back(i);
    outcome.missing_clips += clips_of({i, outcome.shards}, first.clips_in_all);
  }
  return outcome;
}

}  // namespace vidclass::pipeline
