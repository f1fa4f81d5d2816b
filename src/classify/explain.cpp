#include "classify/explain.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "backbone/overlaps.hpp"
#include "classify/attribution.hpp"
#include "classify/match.hpp"
#include "classify/network.hpp"
#include "core/format.hpp"
#include "core/log.hpp"
#include "features/extractor.hpp"
#include "head/runner.hpp"
#include "motion/describe.hpp"
#include "vidclass/error.hpp"
#include "video/sample.hpp"

namespace vidclass::classify {
namespace {

/// In int8 on request only: its steps would be taken for effects.
backbone::BackboneOptions backbone_options(const model::Model& model,
                                           const ClassifierOptions& options) {
  backbone::BackboneOptions result = network_options(model, options);
  result.motion = false;  // the cells say as much
  result.cells = true;
  if (options.precision == backbone::Precision::automatic) {
    result.precision = backbone::Precision::automatic;
    result.calibration = nullptr;
  }
  return result;
}

/// [N, from * from, W] to [N, to * to, W] over the same square: what lies in a cell is shared out
/// to those that it overlaps, by area.
Tensor on_grid(const Tensor& cells, std::size_t from, std::size_t to) {
  const std::vector<float> shares = backbone::overlaps(from, to);
  const std::size_t width = cells.dim(2);
  Tensor result(DType::f32, {cells.dim(0), to * to, width});
  const float* source = cells.data<float>().data();
  for (std::size_t n = 0; n < cells.dim(0); ++n) {
    float* const frame = result.data<float>().data() + n * to * to * width;
    for (std::size_t cell = 0; cell < from * from; ++cell, source += width) {
      for (std::size_t place = 0; place < to * to; ++place) {
        const float share =
            shares[(place / to) * from + cell / from] * shares[(place % to) * from + cell % from];
        if (share == 0) continue;
        float* target = frame + place * width;
        for (std::size_t i = 0; i < width; ++i) target[i] += share * source[i];
      }
    }
  }
  return result;
}

/// Cells [T, C, W] times the motion maps' weights of their places, so that they sum to the
/// average weighted by motion: an even map has the weight 1 / C and gives the plain one again.
Tensor weighted(Tensor cells, const Tensor& motion) {
  const auto weights = motion.data<float>();
  const std::size_t width = cells.dim(2);
  const auto count = static_cast<float>(cells.dim(1));
  auto values = cells.data<float>();
  for (std::size_t i = 0; i < values.size(); ++i) values[i] *= weights[i / width] * count;
  return cells;
}

/// What each cell of the last map of each frame adds to the frame's features: float32
/// [T, C, P (D + M)], the plain average and, where the model reads it, the average weighted by
/// motion, [T, h, h]; then the same of the map in the middle, where the model reads that.
Tensor contributions(backbone::CellFeatures cells, const Tensor& motion,
                     const backbone::BackboneInfo& network) {
  const auto side = static_cast<std::size_t>(network.map_size);
  const auto finer = static_cast<std::size_t>(network.motion_map_size);
  const std::size_t frames = cells.last.dim(0);
  const std::size_t places = side * side;
  // The cells of all frames in turn, put together as the features of a clip are.
  features::ClipFeatures rows;
  const auto put = [&](const char* name, Tensor part) {
    const std::size_t width = part.dim(2);
    rows.emplace(name, std::move(part).reshaped({frames * places, width}));
  };
  put("avg", cells.last);
  if (!motion.empty()) {
    const Tensor maps = motion.reshaped({frames, finer * finer, 1});
    put("motion",
        weighted(std::move(cells.last), finer == side ? maps : on_grid(maps, finer, side)));
  }
  if (!cells.middle.empty()) {
    put("middle", on_grid(cells.middle, finer, side));
    if (!motion.empty()) {
      put("middle_motion", on_grid(weighted(std::move(cells.middle), motion), finer, side));
    }
  }
  Tensor joined = features::joined_poolings(std::move(rows));
  const std::size_t width = joined.dim(1);
  return std::move(joined).reshaped({frames, places, width});
}

/// The sum over axis 1 of [T, C, D].
Tensor sum_of_cells(const Tensor& cells) {
  const std::size_t count = cells.dim(1);
  const std::size_t width = cells.dim(2);
  Tensor sums(DType::f32, {cells.dim(0), width});
  const float* source = cells.data<float>().data();
  for (std::size_t t = 0; t < cells.dim(0); ++t) {
    float* target = sums.data<float>().data() + t * width;
    for (std::size_t c = 0; c < count; ++c) {
      for (std::size_t i = 0; i < width; ++i) target[i] += *source++;
    }
  }
  return sums;
}

/// Less the mean over axis 0, which is returned.
std::vector<float> centre(Tensor& values) {
  const std::size_t frames = values.dim(0);
  const std::size_t width = values.size() / frames;
  std::vector<float> mean(width);
  auto data = values.data<float>();
  for (std::size_t i = 0; i < data.size(); ++i) {
    mean[i % width] += data[i] / static_cast<float>(frames);
  }
  for (std::size_t i = 0; i < data.size(); ++i) data[i] -= mean[i % width];
  return mean;
}

std::vector<Direction> directions_of(const Tensor& rows, std::size_t rows_a_frame, float step) {
  const std::size_t count = rows.size() / rows.shape().back();
  const std::size_t width = rows.shape().back();
  std::vector<Direction> directions;
  for (std::size_t i = 0; i < count; ++i) {
    const auto values = rows.data<float>().subspan(i * width, width);
    directions.push_back({i / rows_a_frame, {values.begin(), values.end()}, step});
  }
  return directions;
}

}  // namespace

struct Explainer::Impl {
  Impl(model::Model model, const ExplainOptions& wanted, const ProgressFunction& progress,
       const CancellationToken& cancel)
      : options(wanted),
        trained(std::move(model)),
        network(backbone::PreparedBackbone(backbone_options(trained, wanted.classifier), progress,
                                           cancel)) {
    check_match(trained, network.info());
    heads.emplace(trained.heads, wanted.classifier.threads);
  }

  ExplainOptions options;
  model::Model trained;
  backbone::Backbone network;
  std::optional<head::HeadRunner> heads;
};

Explainer::Explainer(model::Model model, const ExplainOptions& options,
                     const ProgressFunction& progress, const CancellationToken& cancel)
    : impl_(std::make_unique<Impl>(std::move(model), options, progress, cancel)) {}
Explainer::~Explainer() = default;

const model::Model& Explainer::model() const noexcept { return impl_->trained; }

Explanation Explainer::explain(const video::ClipSource& clip, std::optional<std::size_t> label,
                               const ProgressFunction& progress, const CancellationToken& cancel) {
  const std::size_t labels = impl_->trained.labels.size();
  if (label && *label >= labels) {
    throw UsageError(format("the label {} is out of range: there are {}", *label, labels));
  }
  video::ClipSettings settings = video::for_testing(impl_->trained.clip);
  settings.size = impl_->network.info().size;
  settings.clips = 1;
  video::SampledClip sampled =
      video::sample_clip(clip, settings, cancel, impl_->options.classifier.limits,
                         {.frames = true, .greys = impl_->trained.motion.has_value()});
  if (!sampled.note.empty()) log_warning(format("{}: {}", clip.path.string(), sampled.note));
  Tensor cells = contributions(impl_->network.cell_features(sampled.frames), sampled.motion,
                               impl_->network.info());
  const Tensor features = sum_of_cells(cells);

  Explanation result;
  result.times = std::move(sampled.times);
  result.window = sampled.window;
  result.pictures = std::move(sampled.frames);
  const Tensor probabilities = impl_->heads->probabilities(std::span(&features, 1));
  const auto values = probabilities.data<float>();
  result.appearance = {values.begin(), values.end()};
  result.probabilities = result.appearance;
  std::optional<motion::Description> moves;
  double novelty = 0;
  if (const auto& motion = impl_->trained.motion) {
    moves = motion::describe(sampled.greys, cancel);
    novelty = train::novelty_of(motion->places, features);
    const Tensor joined = train::joined_probabilities(
        probabilities, model::probabilities(*motion, *moves), motion->weights, {&novelty, 1});
    result.probabilities = {joined.data<float>().begin(), joined.data<float>().end()};
  }
  const auto& said = result.probabilities;
  result.label = label.value_or(
      static_cast<std::size_t>(std::max_element(said.begin(), said.end()) - said.begin()));
  if (moves) {
    const model::MotionStream& motion = *impl_->trained.motion;
    result.motion = explain_motion(motion, *moves, result.times, result.label,
                                   train::motion_weight(motion.weights, novelty));
  }
  result.log_odds = log_odds(probabilities, result.label).at(0);

  Tensor changes = features;
  const std::vector<float> mean = centre(changes);
  Tensor base = features;
  for (std::size_t i = 0; float& value : base.data<float>()) value = mean[i++ % mean.size()];
  result.log_odds_of_mean =
      log_odds(impl_->heads->probabilities(std::span(&base, 1)), result.label).at(0);

  const std::size_t frames = features.dim(0);
  const std::size_t count = cells.dim(1);
  // Shares of a frame's or a cell's change on both sides of a point. Short, as a GRU bends: over
  // ten times as long a way the places' sums were a fifth too small. A cell changes the features by
  // about one part in its number, so that its way may be longer, lest rounding drown it.
  constexpr float frame_step = 0.01F;
  const float cell_step = 0.0125F * std::sqrt(static_cast<float>(count));
  const auto report = [&](double from, double share) {
    return [&progress, from, share](double done) {
      if (progress) {
        progress({"explain", static_cast<std::size_t>((from + share * done) * 100), 100, {}});
      }
    };
  };
  result.frames =
      integrated_gradients(*impl_->heads, base, features, directions_of(changes, 1, frame_step),
                           result.label, impl_->options.steps, report(0, 0.1), cancel);
  (void)centre(cells);
  const std::vector<double> places = integrated_gradients(
      *impl_->heads, base, features, directions_of(cells, count, cell_step), result.label,
      std::max(1, impl_->options.steps / 2), report(0.1, 0.9), cancel);
  const auto side = static_cast<std::size_t>(impl_->network.info().map_size);
  result.places = Tensor(DType::f32, {frames, side, side});
  std::transform(places.begin(), places.end(), result.places.data<float>().begin(),
                 [](double value) { return static_cast<float>(value); });
  return result;
}

}  // namespace vidclass::classify
