#include "train/checkpoint_keeper.hpp"

#include <system_error>
#include <utility>

#include "core/format.hpp"
#include "train/settings.hpp"
#include "vidclass/error.hpp"

namespace vidclass::train {

CheckpointKeeper::CheckpointKeeper(CheckpointOptions options, const LabelledFeatures& train,
                                   const LabelledFeatures& validation)
    : options_(std::move(options)), train_(train), validation_(validation) {
  if (options_.dir.empty() || options_.resume) return;
  std::error_code error;
  std::filesystem::remove_all(options_.dir, error);
  if (error) {
    throw Error(
        format("cannot remove the old checkpoints {}: {}", options_.dir.string(), error.message()));
  }
}

CheckpointKeeper::Member CheckpointKeeper::member(int index, Json settings) {
  std::filesystem::path path;
  if (!options_.dir.empty()) path = options_.dir / format("member-{}.safetensors", index + 1);
  return {*this, std::move(path), std::move(settings)};
}

Json CheckpointKeeper::data_settings() {
  const std::lock_guard lock(mutex_);
  if (data_settings_.is_null()) {
    data_settings_ = {{"number of training clips", train_.size()},
                      {"number of validation clips", validation_.size()},
                      {"content of the training clips", fingerprint(train_)},
                      {"content of the validation clips", fingerprint(validation_)}};
  }
  return data_settings_;
}

Json CheckpointKeeper::Member::settings() const {
  Json settings = settings_;
  settings.update(all_.data_settings());
  return settings;
}

void CheckpointKeeper::Member::resume(MemberTraining& training) {
  if (path_.empty() || !all_.options_.resume) return;
  const auto checkpoint = read_checkpoint(path_);
  if (!checkpoint) return;
  const std::string difference = first_difference(checkpoint->settings, settings());
  if (!difference.empty()) {
    throw Error(
        format("{} is of another training and cannot be resumed: {}", path_.string(), difference));
  }
  try {
    training.restore(*checkpoint);
  } catch (const Error& error) {
    throw Error(format("{} cannot be resumed: {}", path_.string(), error.what()));
  }
}

void CheckpointKeeper::Member::after_step(const MemberTraining& training) {
  if (path_.empty()) return;
  const std::chrono::duration<double> since = std::chrono::steady_clock::now() - last_;
  const int every = all_.options_.epochs;
  const bool epochs_are_due =
      every > 0 && training.between_epochs() &&
      training.history().epochs.size() % static_cast<std::size_t>(every) == 0;
  if (epochs_are_due || since.count() >= all_.options_.seconds) keep(training);
}

void CheckpointKeeper::Member::keep(const MemberTraining& training) {
  if (path_.empty()) return;
  Checkpoint checkpoint = training.checkpoint();
  checkpoint.settings = settings();
  write_checkpoint(path_, checkpoint);
  last_ = std::chrono::steady_clock::now();
}

}  // namespace vidclass::train
