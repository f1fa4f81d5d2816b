// Made-up clips whose classes differ in the order of what happens.
#pragma once

#include <cstdint>
#include <filesystem>

#include "core/progress.hpp"
#include "vidclass/hooks.hpp"

namespace vidclass::dataset {

struct GenerateOptions {
  int groups = 15;  // per class, 2 to 99; a group shares its scene (colours, texture, object)
  int clips_per_group = 4;  // 1 to 99; variations of speed, path and size within the scene
  int width = 160;          // pixels, even
  int height = 120;         // pixels, even
  int frames = 40;          // mean length; clips vary by a quarter
  int frames_per_second = 25;
  /// Share of a clip in which something happens, above 0, to 1: in a shorter one the object is
  /// there, and the light changes, for a while only, at any time.
  double moment = 1;
  std::uint64_t seed = 1;
  int threads = 2;  // clips written at once; affects speed only
};

struct GenerateReport {
  std::size_t classes = 0;
  std::size_t clips = 0;
};

/// Writes DIR/<Class>/v_<Class>_gNN_cNN.avi and, in UCF101's format,
/// DIR/splits/{classInd,trainlist01,testlist01}.txt (the first third of the
/// groups is the test set). Eight classes in four pairs: MoveRight/MoveLeft,
/// Approach/Recede, Brighten/Darken, Rise/Fall. Clip NN of group NN shows the very
/// same frames in both classes of a pair, in opposite order, so that no mean over
/// frames can tell the two apart. All that happens lies within the central square.
/// With a `moment` below 1, a table <clip>.csv beside each clip says when and where it happens:
/// time (seconds), x, y and radius of the object (pixels), a row for each such frame.
/// Deterministic for a seed. `dir` must be absent, empty, or a former output
/// (which holds a file .vidclass-generated); else UsageError. A former output of
/// the same options is completed, one of others replaced. Throws UsageError for
/// options out of range.
GenerateReport generate(const std::filesystem::path& dir, const GenerateOptions& options = {},
                        const ProgressFunction& progress = {},
                        const CancellationToken& cancel = {});

}  // namespace vidclass::dataset
