#include "vidclass/explain.hpp"

#include <utility>

#include "api/requests.hpp"
#include "classify/explain.hpp"
#include "core/format.hpp"
#include "pipeline/explain.hpp"
#include "vidclass/error.hpp"

namespace vidclass {
namespace {

classify::ExplainOptions explain_options(const ExplainOptions& options) {
  if (options.steps < 1) throw UsageError(format("steps must be 1 or more, not {}", options.steps));
  return {.classifier = api::classifier_options(options.classifier), .steps = options.steps};
}

}  // namespace

struct Explainer::Impl {
  Impl(const std::filesystem::path& model, const ExplainOptions& options, const Hooks& hooks)
      : file(model),
        explainer(pipeline::read_to_explain(model), explain_options(options), hooks.progress,
                  hooks.cancel) {}

  std::filesystem::path file;
  classify::Explainer explainer;
};

Explainer::Explainer(const std::filesystem::path& model, const ExplainOptions& options,
                     const Hooks& hooks)
    : impl_(std::make_unique<Impl>(model, options, hooks)) {}
Explainer::~Explainer() = default;
Explainer::Explainer(Explainer&&) noexcept = default;
Explainer& Explainer::operator=(Explainer&&) noexcept = default;

Explanation Explainer::explain(const ClipSource& clip, const std::string& label,
                               const Hooks& hooks) {
  const model::Model& model = impl_->explainer.model();
  classify::Explanation found = impl_->explainer.explain(
      clip, pipeline::place_of_label(model, impl_->file, label), hooks.progress, hooks.cancel);
  Explanation result{.label = model.labels.at(found.label),
                     .labels = model.labels,
                     .probabilities = std::move(found.probabilities),
                     .times = std::move(found.times),
                     .frames = std::move(found.frames),
                     .places = std::move(found.places),
                     .pictures = std::move(found.pictures),
                     .left = found.window.left,
                     .top = found.window.top,
                     .width = found.window.width,
                     .height = found.window.height,
                     .log_odds = found.log_odds,
                     .log_odds_of_mean = found.log_odds_of_mean};
  if (auto& motion = found.motion) {
    result.motion = MotionExplanation{.probabilities = std::move(motion->probabilities),
                                      .weight = motion->weight,
                                      .score = motion->score,
                                      .moments = std::move(motion->moments),
                                      .places = std::move(motion->places)};
  }
  return result;
}

}  // namespace vidclass
