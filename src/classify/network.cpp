#include "classify/network.hpp"

#include <memory>
#include <optional>
#include <system_error>

#include "backbone/calibration.hpp"
#include "core/format.hpp"
#include "vidclass/error.hpp"

namespace vidclass::classify {
namespace {

std::optional<backbone::NetworkFile> file_of(const model::Model& model,
                                             const ClassifierOptions& options) {
  if (!model.network) {
    if (options.network.empty()) return std::nullopt;
    throw UsageError(
        format("the model was trained on features of {}, not of a file: leave "
               "the option network out",
               model.backbone));
  }
  backbone::NetworkFile file = *model.network;
  if (!options.network.empty()) file.path = options.network;
  std::error_code error;
  if (std::filesystem::exists(file.path, error)) return file;
  throw UsageError(
      format("the model was trained on features of {}, which is not there: say "
             "with the option network where it is",
             file.path.string()));
}

}  // namespace

backbone::BackboneOptions network_options(const model::Model& model,
                                          const ClassifierOptions& options) {
  backbone::BackboneOptions result{
      .name = model.backbone,
      .file = file_of(model, options),
      .size = model.clip.size,
      .precision = options.precision,
      .motion = model.clip.motion_grid > 0,
      .middle = !model.heads.empty() && model.heads.front().spec.middle > 0,
      .threads = options.threads,
      .device = options.device,
      .engine = options.engine,
      .compiled_cache = options.compiled_cache,
      .calibration_dir = options.calibration_dir,
      .tuned = model.tuned};
  if (!model.calibration.empty() && options.precision != backbone::Precision::f32 &&
      options.precision != backbone::Precision::bf16) {
    // As for training, unless another precision is asked for.
    result.precision = backbone::Precision::int8;
    result.calibration = std::make_shared<const backbone::Calibration>(backbone::Calibration{
        .fingerprint = model.fingerprint, .size = model.clip.size, .ranges = model.calibration});
  }
  return result;
}

}  // namespace vidclass::classify
