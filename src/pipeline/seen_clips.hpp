// Which clips a model has seen in training, told by their content.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "dataset/manifest.hpp"
#include "model/model.hpp"
#include "pipeline/gather.hpp"
#include "vidclass/hooks.hpp"

namespace vidclass::pipeline {

/// What the model file keeps of the clips that it was trained and validated on.
/// `cache` is the folder of the feature cache, where checksums are remembered.
[[nodiscard]] model::SeenClips seen_clips(const dataset::Manifest& manifest,
                                          const DataFeatures& features,
                                          const std::filesystem::path& cache, const Hooks& hooks);

/// How many clips have the content of clips that a model was trained and validated on.
struct Exposure {
  std::size_t trained_on = 0;
  std::size_t validated_on = 0;

  [[nodiscard]] bool none() const noexcept { return trained_on + validated_on == 0; }
};

/// Of `clips`, indices into Manifest::clips.
[[nodiscard]] Exposure exposure_of(const dataset::Manifest& manifest,
                                   const std::vector<std::size_t>& clips, const model::Model& model,
                                   const std::filesystem::path& cache, const Hooks& hooks);

/// Clips to evaluate a model on.
struct ChosenClips {
  std::vector<std::size_t> clips;  // indices into Manifest::clips, ascending
  /// None where clips that were seen are what was asked for (the splits train and val).
  Exposure exposure;
  /// One sentence each, to be told to the user.
  std::vector<std::string> notes;
};

/// The clips of `split` ("train", "val", "test" or "all"). Splits that the data gives are
/// taken as given. Others are those of the model's training, told by content: `train`
/// and `val` are the clips it was trained and validated on, `test` all others, but
/// for those of a group that it was trained or validated on; the manifest gets these
/// splits. Of a model that does not
/// tell its clips the split is made again from its seed. Throws UsageError for an
/// unknown split and for one without clips.
[[nodiscard]] ChosenClips choose_clips(dataset::Manifest& manifest, const model::Model& model,
                                       const std::string& split, const std::filesystem::path& cache,
                                       const Hooks& hooks);

}  // namespace vidclass::pipeline
