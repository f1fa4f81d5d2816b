#include "vidclass/evaluate.hpp"

#include <utility>

#include "api/requests.hpp"
#include "pipeline/evaluate.hpp"
#include "pipeline/feature_options.hpp"

namespace vidclass {

namespace {

EvaluationReport evaluate_on(pipeline::DataRequest data, const std::filesystem::path& model,
                             const EvaluateOptions& options, const Hooks& hooks) {
  pipeline::EvaluateRequest request{.model = model,
                                    .data = std::move(data),
                                    .classifier = api::classifier_options(options.classifier),
                                    .split = options.split,
                                    .refuse_leaks = options.refuse_leaks,
                                    .predictions = options.predictions,
                                    .report = options.report};
  request.classifier.cache_dir = pipeline::feature_cache(options.classifier.machine);
  pipeline::EvaluateOutcome outcome = pipeline::evaluate(request, hooks);
  const evaluate::Verdict& verdict = outcome.record.verdict;
  const evaluate::Metrics& metrics = verdict.model.metrics;
  return {.clips = metrics.clips,
          .top1 = metrics.top1,
          .top1_low = verdict.model.intervals.top1.low,
          .top1_high = verdict.model.intervals.top1.high,
          .top5 = metrics.top5,
          .mean_class_accuracy = metrics.mean_class_accuracy,
          .loss = metrics.loss,
          .baseline_top1 = verdict.baseline ? std::optional(verdict.baseline->top1) : std::nullopt,
          .majority = verdict.majority,
          .chance = verdict.chance,
          .labels = std::move(outcome.record.labels),
          .confusion = metrics.confusion,
          .unusable = std::move(outcome.record.unusable),
          .warnings = std::move(outcome.warnings)};
}

}  // namespace

EvaluationReport evaluate_model(const std::filesystem::path& model,
                                const std::filesystem::path& data, const EvaluateOptions& options,
                                const Hooks& hooks) {
  return evaluate_on(api::data_request(data, options.data), model, options, hooks);
}

EvaluationReport evaluate_model(const std::filesystem::path& model, const Dataset& data,
                                const EvaluateOptions& options, const Hooks& hooks) {
  return evaluate_on(api::data_request(data), model, options, hooks);
}

}  // namespace vidclass
