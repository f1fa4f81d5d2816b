#include "pipeline/seen_clips.hpp"

#include <algorithm>
#include <set>

#include "core/content_hashes.hpp"
#include "core/format.hpp"
#include "core/parallel.hpp"
#include "core/text.hpp"
#include "dataset/split.hpp"
#include "pipeline/make_model.hpp"
#include "vidclass/error.hpp"

namespace vidclass::pipeline {
namespace {

using dataset::Clip;
using dataset::Manifest;
using dataset::Split;

/// 64 bits: two of a million clips agree by chance once in 10^7 data sets.
constexpr std::size_t digits_kept = 16;

std::string content_id(const Clip& clip, const std::string& sha256) {
  const std::string id = sha256.substr(0, digits_kept);
  if (clip.source().whole()) return id;
  return format("{}@{}-{}", id, clip.start, clip.end ? format("{}", *clip.end) : std::string());
}

/// Those of `clips`; empty for clips that cannot be read.
std::vector<std::string> content_ids(const Manifest& manifest,
                                     const std::vector<std::size_t>& clips,
                                     const std::filesystem::path& cache, const Hooks& hooks) {
  ContentHashes hashes(cache);
  std::vector<std::string> ids(clips.size());
  for_each_index(
      clips.size(), thread_count(0),
      [&](std::size_t i) {
        const Clip& clip = manifest.clips[clips[i]];
        try {
          ids[i] = content_id(clip, hashes.of(clip.path));
        } catch (const ClipError&) {
          // Unusable clips are told of where they are used.
        }
      },
      "compare", hooks.progress, hooks.cancel);
  try {
    hashes.save();
  } catch (const Error& error) {
    // The list only saves time.
    hooks.warn(error.what());
  }
  return ids;
}

std::vector<std::size_t> all_of(const Manifest& manifest) {
  std::vector<std::size_t> all;
  for (std::size_t i = 0; i < manifest.clips.size(); ++i) all.push_back(i);
  return all;
}

/// The clips of a data set, sorted by what the model did with them.
class SeenInData {
public:
  SeenInData(const Manifest& manifest, const model::SeenClips& seen, std::vector<std::string> ids)
      : manifest_(manifest),
        train_(seen.train.begin(), seen.train.end()),
        validation_(seen.validation.begin(), seen.validation.end()),
        ids_(std::move(ids)) {
    for (std::size_t i = 0; i < ids_.size(); ++i) {
      if (trained_on(i) || validated_on(i)) groups_.insert(manifest.clips[i].group);
    }
    groups_.erase("");
  }

  [[nodiscard]] bool trained_on(std::size_t clip) const { return train_.contains(ids_[clip]); }
  [[nodiscard]] bool validated_on(std::size_t clip) const {
    return !trained_on(clip) && validation_.contains(ids_[clip]);
  }
  [[nodiscard]] bool group_seen(std::size_t clip) const {
    return groups_.contains(manifest_.clips[clip].group);
  }

private:
  const Manifest& manifest_;
  std::set<std::string> train_;
  std::set<std::string> validation_;
  std::vector<std::string> ids_;  // of all clips
  std::set<std::string> groups_;  // of clips that were seen
};

/// The clips of a split that the data does not give.
ChosenClips made_split(const Manifest& manifest, const SeenInData& seen, Split split) {
  ChosenClips chosen;
  std::size_t of_seen_groups = 0;
  // Training makes what is missing out of clips without a split and, where it is given,
  // of train; but what other data calls train is not there to be tested.
  const auto given_train = manifest.indices(Split::train);
  const bool of_train = std::any_of(given_train.begin(), given_train.end(),
                                    [&](std::size_t i) { return seen.trained_on(i); });
  for (std::size_t i = 0; i < manifest.clips.size(); ++i) {
    const Split given = manifest.clips[i].split;
    if (given != Split::none && !(given == Split::train && of_train)) continue;
    const bool is_seen = seen.trained_on(i) || seen.validated_on(i);
    if (split == Split::test && !is_seen && seen.group_seen(i)) {
      ++of_seen_groups;
    } else if (split == Split::test    ? !is_seen
               : split == Split::train ? seen.trained_on(i)
                                       : seen.validated_on(i)) {
      chosen.clips.push_back(i);
    }
  }
  if (of_seen_groups > 0) {
    chosen.notes.push_back(
        format("{} that the model was not trained on left out of the test: they "
               "belong to groups that it was trained or validated on",
               counted(of_seen_groups, "clip")));
  }
  return chosen;
}

/// The clips of a split that the data gives.
ChosenClips given_split(const Manifest& manifest, const SeenInData& seen, Split split) {
  ChosenClips chosen;
  for (const std::size_t i : manifest.indices(split)) {
    const bool made_validation =
        split == Split::train && !manifest.has(Split::validation) && seen.validated_on(i);
    if (!made_validation) chosen.clips.push_back(i);
  }
  return chosen;
}

Exposure exposure_among(const SeenInData& seen, const std::vector<std::size_t>& clips) {
  Exposure exposure;
  for (const std::size_t i : clips) {
    if (seen.trained_on(i)) ++exposure.trained_on;
    if (seen.validated_on(i)) ++exposure.validated_on;
  }
  return exposure;
}

/// Gives clips without a split the one that the model used them in.
void set_splits(Manifest& manifest, const SeenInData& seen, const ChosenClips& tested) {
  const bool gives_validation = manifest.has(Split::validation);
  for (std::size_t i = 0; i < manifest.clips.size(); ++i) {
    Split& split = manifest.clips[i].split;
    const bool made_of_train = split == Split::train && !gives_validation;
    if (split == Split::none && seen.trained_on(i)) split = Split::train;
    if ((split == Split::none || made_of_train) && seen.validated_on(i)) split = Split::validation;
  }
  for (const std::size_t i : tested.clips) manifest.clips[i].split = Split::test;
}

ChosenClips choose_by_seed(Manifest& manifest, const model::Model& model, Split split) {
  dataset::SplitOptions options = split_options_of(model);
  const bool given = manifest.has(split);
  if (given) options.fold = std::nullopt;
  dataset::make_splits(manifest, options);
  ChosenClips chosen;
  chosen.clips = manifest.indices(split);
  if (!given) {
    chosen.notes.emplace_back(
        "the model does not tell which clips it was trained on: the split was made again from its "
        "seed, and holds only if no clip was added or removed since");
  }
  return chosen;
}

}  // namespace

model::SeenClips seen_clips(const Manifest& manifest, const DataFeatures& features,
                            const std::filesystem::path& cache, const Hooks& hooks) {
  // Extraction has read the clips already, as a rule, so this is quick and says nothing.
  const Hooks quiet{.message = hooks.message, .cancel = hooks.cancel};
  const auto of = [&](Split split) {
    auto ids = content_ids(manifest, features.of(split).clips, cache, quiet);
    std::erase(ids, "");
    std::sort(ids.begin(), ids.end());
    return ids;
  };
  return {of(Split::train), of(Split::validation)};
}

Exposure exposure_of(const Manifest& manifest, const std::vector<std::size_t>& clips,
                     const model::Model& model, const std::filesystem::path& cache,
                     const Hooks& hooks) {
  std::vector<std::string> ids(manifest.clips.size());
  const auto of_clips = content_ids(manifest, clips, cache, hooks);
  for (std::size_t i = 0; i < clips.size(); ++i) ids[clips[i]] = of_clips[i];
  return exposure_among(SeenInData(manifest, model.seen, std::move(ids)), clips);
}

ChosenClips choose_clips(Manifest& manifest, const model::Model& model, const std::string& split,
                         const std::filesystem::path& cache, const Hooks& hooks) {
  const bool every = split == "all";
  const Split wanted = every ? Split::none : dataset::split_from(split);
  if (!every && wanted == Split::none) {
    throw UsageError("the split has no name: use train, val, test or all");
  }
  ChosenClips chosen;
  if (model.seen.train.empty()) {
    if (every) {
      chosen.clips = all_of(manifest);
    } else {
      chosen = choose_by_seed(manifest, model, wanted);
    }
  } else {
    const SeenInData seen(manifest, model.seen,
                          content_ids(manifest, all_of(manifest), cache, hooks));
    if (every) {
      chosen.clips = all_of(manifest);
    } else if (manifest.has(wanted)) {
      chosen = given_split(manifest, seen, wanted);
    } else {
      chosen = made_split(manifest, seen, wanted);
    }
    if (every || wanted == Split::test) chosen.exposure = exposure_among(seen, chosen.clips);
    set_splits(manifest, seen, wanted == Split::test ? chosen : ChosenClips{});
  }
  if (chosen.clips.empty()) {
    throw UsageError(
        format("{} has no clip in the split \"{}\"; the split \"all\" takes every clip",
               manifest.source.string(), split));
  }
  return chosen;
}

}  // namespace vidclass::pipeline
