#include "vidclass/train.hpp"

#include <utility>

#include "api/requests.hpp"
#include "pipeline/feature_options.hpp"
#include "pipeline/torch_library.hpp"
#include "pipeline/train.hpp"

namespace vidclass {
namespace {

pipeline::HeadRequest head_request(const TrainOptions& options) {
  pipeline::HeadRequest head;
  if (!options.head.empty()) head.options.spec.kind = head::head_kind_from(options.head);
  if (!options.ensemble.empty()) head.mixture = train::mixture_from(options.ensemble);
  head.motion = options.motion;
  head.faded = options.faded;
  head.refit = options.refit;
  head.options.epochs = options.epochs;
  head.options.batch_size = options.batch_size;
  head.options.members = options.members;
  head.options.learning_rate = options.learning_rate;
  head.options.balanced = options.balanced;
  head.options.threads = options.machine.threads;
  return head;
}

TrainReport train_on(pipeline::DataRequest data, const std::filesystem::path& model,
                     const TrainOptions& options, const Hooks& hooks) {
  pipeline::TrainRequest request{
      .data = std::move(data),
      .features = pipeline::extract_options(options.features, options.machine),
      .head = head_request(options),
      .output = model,
      .seed = options.seed,
      .seeds = options.seeds};
  if (!options.split.empty()) request.split = dataset::split_shares_from(options.split);
  request.split.seed = options.seed;
  if (!options.groups.empty()) request.data.groups = pipeline::groups_from(options.groups);
  request.checkpoints.resume = options.resume;
  request.overwrite = options.overwrite;
  pipeline::TrainEvents events;
  if (options.on_epoch) {
    events.on_epoch = [&](const pipeline::TrainingName& training, int member,
                          const train::Epoch& epoch) {
      options.on_epoch({.seed = training.seed,
                        .member = member,
                        .epoch = epoch.epoch,
                        .train_loss = epoch.train_loss,
                        .val_loss = epoch.val_loss,
                        .val_top1 = epoch.val_top1,
                        .learning_rate = epoch.learning_rate});
    };
  }
  const pipeline::TrainOutcome outcome = pipeline::train(request, hooks, events);
  TrainReport report{.baseline_val_top1 = outcome.baseline_val_top1,
                     .unusable = outcome.extraction.unusable,
                     .stopped = outcome.stopped};
  if (const auto& training = outcome.model.training) {
    report.val_top1 = training->val_top1;
    report.val_loss = training->val_loss;
    report.train_clips = training->train_clips;
    report.val_clips = training->val_clips;
    report.seconds = training->seconds;
  }
  return report;
}

}  // namespace

TrainReport train_model(const std::filesystem::path& data, const std::filesystem::path& model,
                        const TrainOptions& options, const Hooks& hooks) {
  return train_on(api::data_request(data, options.data), model, options, hooks);
}

TrainReport train_model(const Dataset& data, const std::filesystem::path& model,
                        const TrainOptions& options, const Hooks& hooks) {
  return train_on(api::data_request(data), model, options, hooks);
}

void set_torch_library(const std::filesystem::path& file) { pipeline::set_torch_library(file); }

}  // namespace vidclass
