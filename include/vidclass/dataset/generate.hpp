// Made-up clips whose classes differ in the order of what happens.
#pragma once

#include <cstdint>
#include <filesystem>

#include "vidclass/core/cancellation.hpp"
#include "vidclass/core/progress.hpp"

namespace vidclass::dataset {

struct GenerateOptions {
  int groups = 15;          // per class; a group shares its scene (colours, texture, object)
  int clips_per_group = 4;  // variations of speed, path and size within the scene
  int width = 160;          // pixels
  int height = 120;
  int frames = 40;          // mean length; clips vary by a quarter
  int frames_per_second = 25;
  std::uint64_t seed = 1;
};

struct GenerateReport {
  std::size_t classes = 0;
  std::size_t clips = 0;
};

/// Writes DIR/<Class>/v_<Class>_gNN_cNN.avi and, in UCF101's format,
/// DIR/splits/{classInd,trainlist01,testlist01}.txt (the first third of the
/// groups is the test set). Eight classes in four pairs; the two of a pair show
/// the same kind of frames in opposite order: MoveRight/MoveLeft,
/// Approach/Recede, Brighten/Darken, Rise/Fall. Deterministic for a seed.
/// `dir` must be absent, empty, or a former output; else UsageError.
GenerateReport generate(const std::filesystem::path& dir, const GenerateOptions& options = {},
                        const ProgressFunction& progress = {},
                        const CancellationToken& cancel = {});

}  // namespace vidclass::dataset
