#include "exchange/export.hpp"

#include <algorithm>
#include <optional>
#include <system_error>

#include "classify/match.hpp"
#include "classify/network.hpp"
#include "core/atomic_file.hpp"
#include "core/format.hpp"
#include "core/input.hpp"
#include "core/own_files.hpp"
#include "exchange/format.hpp"
#include "exchange/model_card.hpp"
#include "exchange/model_graph.hpp"
#include "exchange/trial.hpp"
#include "pipeline/content.hpp"
#include "pipeline/feature_options.hpp"
#include "vidclass/error.hpp"

namespace vidclass::exchange {
namespace {

namespace fs = std::filesystem;

/// Probabilities may differ by so much from those of the model.
double allowed_difference(ExportPrecision precision) {
  constexpr double rounded_otherwise = 1e-3;
  constexpr double rounded_coarsely = 2e-2;
  return precision == ExportPrecision::f32 ? rounded_otherwise : rounded_coarsely;
}

/// A folder beside the output in which everything is written first; gone at the end.
class Workplace {
public:
  explicit Workplace(const fs::path& output)
      : folder_(temporary_name(output)), made_parent_(!fs::exists(folder_.parent_path() / ".")) {
    std::error_code error;
    fs::create_directories(folder_, error);
    if (error) {
      throw Error(vidclass::format("{} cannot be written: {}", output.string(), error.message()));
    }
  }
  ~Workplace() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
    // Fails where something came into it.
    if (made_parent_) fs::remove(folder_.parent_path(), ignored);
  }
  Workplace(const Workplace&) = delete;
  Workplace& operator=(const Workplace&) = delete;

  /// Where the file is written that will be `final`.
  [[nodiscard]] fs::path place_of(const fs::path& final) const {
    return folder_ / final.filename();
  }

private:
  fs::path folder_;
  bool made_parent_;
};

void check_output(const ExportRequest& request, const Format& format) {
  std::error_code error;
  if (fs::is_directory(request.output, error)) {
    throw UsageError(vidclass::format(
        "{} is a folder; name the file to write, such as {}", request.output.string(),
        (request.output / "model").string() + std::string(format.ending)));
  }
  if (request.output.extension() != format.ending) {
    throw UsageError(vidclass::format("the file to write is called {}: its name must end in {}",
                                      request.output.string(), format.ending));
  }
}

void check_options(const ExportRequest& request, const Format& format) {
  const ExportPrecision wanted = request.options.precision;
  const auto& known = format.precisions;
  if (std::find(known.begin(), known.end(), wanted) == known.end()) {
    throw UsageError(
        vidclass::format("{} cannot hold {}: choose f32", format.name, to_string(wanted)));
  }
  if (wanted == ExportPrecision::int8 && !request.options.frames) {
    throw UsageError(
        "int8 is for the network for frames: export from frames, or choose f32 or f16");
  }
}

/// The network for frames as it is exported; empty where features are read.
std::optional<backbone::PreparedBackbone> prepared_network(const ExportRequest& request,
                                                           const model::Model& model,
                                                           const Hooks& hooks) {
  if (!request.options.frames) return std::nullopt;
  if (pipeline::reads_arrays(model)) {
    throw UsageError(vidclass::format(
        "{} reads feature arrays, so no network for frames belongs to it: export from features",
        request.model.string()));
  }
  const bool coarse = request.options.precision == ExportPrecision::int8;
  classify::ClassifierOptions options;
  options.precision = coarse ? backbone::Precision::int8 : backbone::Precision::f32;
  options.network = request.options.network;
  options.calibration_dir = pipeline::calibration_dir();
  backbone::PreparedBackbone network(classify::network_options(model, options), hooks.progress,
                                     hooks.cancel);
  classify::check_match(model, network.info());
  return network;
}

std::vector<Trial> trials_of(const model::Model& model,
                             const std::optional<backbone::PreparedBackbone>& network) {
  if (!network) return feature_trials(model);
  backbone::Backbone compiled(*network, backbone::Load::few_frames);
  return frame_trials(model, compiled);
}

}  // namespace

ExportReport export_model(const ExportRequest& request, const Hooks& hooks) {
  const Format& format = format_named(request.format);
  check_output(request, format);
  check_options(request, format);
  ExportReport report{.files = format.files(request.output),
                      .allowed_difference = allowed_difference(request.options.precision)};
  report.files.push_back(request.output.parent_path() / card_name);
  InputFiles inputs;
  inputs.add(request.model);
  if (!request.options.network.empty()) inputs.add(request.options.network);
  for (const fs::path& file : report.files) inputs.refuse(file, request.options.overwrite);

  const model::Model model = model::read(request.model);
  report.without_motion = model.motion.has_value();
  if (report.without_motion) {
    hooks.info("the motion stream is no network and is not exported: appearance alone decides");
  }
  const auto network = prepared_network(request, model, hooks);
  Source source{.model = model,
                .frames = request.options.frames,
                .precision = request.options.precision,
                .graph = network ? frames_to_probabilities(*network, model.heads)
                                 : features_to_probabilities(model.heads),
                .description = describe(model, request.options.frames, format.masked),
                .network = network ? &*network : nullptr};
  const Workplace workplace(request.output);
  const fs::path written = workplace.place_of(request.output);
  format.write(source, written);
  hooks.cancel.check();

  const std::vector<Trial> trials = trials_of(model, network);
  report.largest_difference = largest_difference(trials, format.open(written));
  for (const Trial& trial : trials) report.clips += trial.expected.dim(0);
  if (!(report.largest_difference <= report.allowed_difference)) {
    throw Error(vidclass::format(
        "what was exported differs from {} by up to {:.2g} in probability, more than {:.2g}: "
        "nothing was written",
        request.model.string(), report.largest_difference, report.allowed_difference));
  }
  hooks.cancel.check();
  write_file_atomically(workplace.place_of(report.files.back()),
                        among_other_cards(model_card(source, format, request.output, report),
                                          request.output.parent_path()));
  list_own_files(report.files);
  for (const fs::path& file : report.files) {
    std::error_code error;
    fs::rename(workplace.place_of(file), file, error);
    if (error) throw Error(vidclass::format("{}: {}", file.string(), error.message()));
  }
  return report;
}

}  // namespace vidclass::exchange
