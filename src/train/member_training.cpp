#include "train/member_training.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "core/format.hpp"
#include "evaluate/score.hpp"
#include "train/schedule.hpp"
#include "vidclass/error.hpp"

namespace vidclass::train {
namespace {

std::unique_ptr<Learner> prepared(std::unique_ptr<Learner> learner, const LabelledFeatures& data) {
  learner->prepare(data);
  return learner;
}

Json to_json(const Epoch& epoch) {
  return {epoch.epoch,    epoch.train_loss,    epoch.val_loss, epoch.val_objective,
          epoch.val_top1, epoch.learning_rate, epoch.seconds};
}

Epoch epoch_from(const Json& values) {
  return {.epoch = values.at(0).get<int>(),
          .train_loss = values.at(1).get<double>(),
          .val_loss = values.at(2).get<double>(),
          .val_objective = values.at(3).get<double>(),
          .val_top1 = values.at(4).get<double>(),
          .learning_rate = values.at(5).get<double>(),
          .seconds = values.at(6).get<double>()};
}

constexpr const char* what_to_try = "try a lower learning rate or a clip norm, such as 1";

}  // namespace

MemberTraining::MemberTraining(head::HeadSpec spec, Recipe recipe, LabelledFeatures train,
                               LabelledFeatures validation, std::uint64_t seed)
    : spec_(std::move(spec)),
      recipe_(std::move(recipe)),
      train_(std::move(train)),
      validation_(std::move(validation)),
      loss_{recipe_.balanced ? balanced_weights(train_.labels, spec_.labels) : std::vector<float>(),
            recipe_.label_smoothing},
      learner_(prepared(make_learner(spec_, recipe_, seed), train_)),
      optimiser_(recipe_, learner_->parameters()),
      random_{seed, 1},
      order_(train_.size()) {
  history_.seed = seed;
  std::iota(order_.begin(), order_.end(), std::size_t{0});
}

std::size_t MemberTraining::clips_in_a_step() const noexcept {
  return static_cast<std::size_t>(recipe_.batch_size) *
         static_cast<std::size_t>(recipe_.accumulate);
}

std::size_t MemberTraining::steps_in_an_epoch() const noexcept {
  return (order_.size() + clips_in_a_step() - 1) / clips_in_a_step();
}

std::size_t MemberTraining::steps_in_all() const noexcept {
  return steps_in_an_epoch() * static_cast<std::size_t>(recipe_.epochs);
}

std::size_t MemberTraining::steps_done() const noexcept {
  return steps_in_an_epoch() * history_.epochs.size() + position_ / clips_in_a_step();
}

std::string MemberTraining::place() const {
  return format("epoch {}, step {}", epoch(), position_ / clips_in_a_step() + 1);
}

void MemberTraining::step() {
  const auto began = std::chrono::steady_clock::now();
  if (position_ == 0) random_.shuffle(order_);
  const double learning_rate =
      recipe_.learning_rate *
      share_of_peak(recipe_.schedule, recipe_.warm_up,
                    static_cast<double>(steps_done()) / static_cast<double>(steps_in_all()));

  const std::size_t end = std::min(order_.size(), position_ + clips_in_a_step());
  const auto in_step = static_cast<double>(end - position_);
  double loss_sum = 0;
  const auto batch_size = static_cast<std::size_t>(recipe_.batch_size);
  for (std::size_t first = position_; first < end; first += batch_size) {
    const std::size_t count = std::min(batch_size, end - first);
    const Batch batch =
        draw_batch(train_, std::span(order_).subspan(first, count), history_.seed, epoch());
    const auto clips = static_cast<double>(count);
    const double loss = learner_->add_gradients(batch, loss_, clips / in_step);
    if (!std::isfinite(loss)) {
      throw Error(format("the training loss is {} in {}; {}", loss, place(), what_to_try));
    }
    loss_sum += loss * clips;
  }
  const double norm = optimiser_.step(learning_rate);
  if (!std::isfinite(norm)) {
    throw Error(format("the gradients are not finite in {}; {}", place(), what_to_try));
  }
  loss_sum_ += loss_sum;
  position_ = end;
  const auto seconds_since = [&] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  };
  if (position_ == order_.size()) {
    end_epoch(learning_rate);
    history_.epochs.back().seconds = std::exchange(epoch_seconds_, 0) + seconds_since();
  } else {
    epoch_seconds_ += seconds_since();
  }
}

void MemberTraining::end_epoch(double learning_rate) {
  Tensor probabilities = this->probabilities(validation_);
  const evaluate::Score score =
      evaluate::score_of(probabilities, validation_.labels, recipe_.label_smoothing);
  const double train_loss = loss_sum_ / static_cast<double>(order_.size());
  const int number = epoch();
  const double best =
      history_.best_epoch == 0
          ? std::numeric_limits<double>::infinity()
          : history_.epochs[static_cast<std::size_t>(history_.best_epoch) - 1].val_objective;
  history_.epochs.push_back({.epoch = number,
                             .train_loss = train_loss,
                             .val_loss = score.loss,
                             .val_objective = score.objective,
                             .val_top1 = score.top1,
                             .learning_rate = learning_rate,
                             .seconds = 0});
  if (score.objective < best || (recipe_.keep_last && std::isfinite(score.objective))) {
    history_.best_epoch = number;
    best_ = learner_->export_parameters();
    best_probabilities_ = std::move(probabilities);
  }
  position_ = 0;
  loss_sum_ = 0;
  finished_ = number == recipe_.epochs ||
              (recipe_.patience > 0 && number - history_.best_epoch >= recipe_.patience);
}

Tensor MemberTraining::probabilities(const LabelledFeatures& data) {
  constexpr std::size_t clips_at_once = 64;
  Tensor all(DType::f32, {data.size(), spec_.labels});
  auto target = all.data<float>().begin();
  std::vector<std::size_t> clips;
  for (std::size_t first = 0; first < data.size(); first += clips_at_once) {
    clips.resize(std::min(clips_at_once, data.size() - first));
    std::iota(clips.begin(), clips.end(), first);
    const Tensor some = learner_->probabilities(make_batch(data, clips));
    target = std::copy(some.data<float>().begin(), some.data<float>().end(), target);
  }
  return all;
}

Checkpoint MemberTraining::checkpoint() const {
  Checkpoint checkpoint;
  Json epochs = Json::array();
  for (const Epoch& past : history_.epochs) epochs.push_back(to_json(past));
  checkpoint.state = {{"epochs", epochs},         {"best_epoch", history_.best_epoch},
                      {"finished", finished_},    {"position", position_},
                      {"loss_sum", loss_sum_},    {"epoch_seconds", epoch_seconds_},
                      {"random", random_.state()}};
  NamedTensors values;
  for (const Parameter& parameter : learner_->parameters()) {
    values[parameter.name] =
        Tensor::from<float>({parameter.value.size()}, std::span<const float>(parameter.value));
  }
  NamedTensors& tensors = checkpoint.tensors;
  add_prefixed(tensors, "value", std::move(values));
  add_prefixed(tensors, "optimiser", optimiser_.state());
  tensors["random"] = learner_->random_state();
  const std::vector<std::int64_t> order(order_.begin(), order_.end());
  tensors["order"] = Tensor::from<std::int64_t>({order.size()}, order);
  if (history_.best_epoch > 0) {
    add_prefixed(tensors, "best", best_);
    tensors["best_probabilities"] = best_probabilities_;
  }
  return checkpoint;
}

void MemberTraining::restore(const Checkpoint& checkpoint) {
  try {
    const Json& state = checkpoint.state;
    history_.epochs.clear();
    for (const Json& past : state.at("epochs")) history_.epochs.push_back(epoch_from(past));
    state.at("best_epoch").get_to(history_.best_epoch);
    state.at("finished").get_to(finished_);
    state.at("position").get_to(position_);
    state.at("loss_sum").get_to(loss_sum_);
    state.at("epoch_seconds").get_to(epoch_seconds_);
    random_ = Random(state.at("random").get<std::uint64_t>());

    const NamedTensors& tensors = checkpoint.tensors;
    const NamedTensors values = take_prefixed(tensors, "value");
    for (const Parameter& parameter : learner_->parameters()) {
      const auto value = values.at(parameter.name).data<float>();
      if (value.size() != parameter.value.size()) throw std::out_of_range(parameter.name);
      std::copy(value.begin(), value.end(), parameter.value.begin());
    }
    optimiser_.set_state(take_prefixed(tensors, "optimiser"));
    learner_->set_random_state(tensors.at("random"));
    const auto order = tensors.at("order").data<std::int64_t>();
    if (order.size() != order_.size()) throw std::out_of_range("order");
    std::copy(order.begin(), order.end(), order_.begin());
    if (history_.best_epoch > 0) {
      best_ = take_prefixed(tensors, "best");
      best_probabilities_ = tensors.at("best_probabilities");
    }
  } catch (const JsonException&) {
    throw Error("a number is missing in the checkpoint");
  } catch (const std::out_of_range& missing) {
    throw Error(format("a fitting tensor is missing in the checkpoint ({})", missing.what()));
  }
}

}  // namespace vidclass::train
