// When a training is kept, and going on from what was kept.
#pragma once

#include <chrono>
#include <filesystem>
#include <mutex>
#include <string>

#include "train/checkpoint.hpp"
#include "train/member_training.hpp"
#include "train/train.hpp"

namespace vidclass::train {

/// Of all members of one training. Must outlive what member() returns.
class CheckpointKeeper {
public:
  /// Without `resume`, checkpoints that are there are removed.
  CheckpointKeeper(CheckpointOptions options, const LabelledFeatures& train,
                   const LabelledFeatures& validation);

  /// One thread at a time each.
  class Member {
  public:
    /// Brings `training` to where it was kept, if it was. Throws Error if that was
    /// another training, naming what differs.
    void resume(MemberTraining& training);
    /// Keeps it if it is time to.
    void after_step(const MemberTraining& training);
    /// Keeps it now, if anything is to be kept at all.
    void keep(const MemberTraining& training);

  private:
    friend class CheckpointKeeper;
    Member(CheckpointKeeper& all, std::filesystem::path path, Json settings)
        : all_(all), path_(std::move(path)), settings_(std::move(settings)) {}

    /// With those of the data, which take a while to find out.
    [[nodiscard]] Json settings() const;

    CheckpointKeeper& all_;
    std::filesystem::path path_;  // empty: nothing is kept
    Json settings_;
    std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
  };

  [[nodiscard]] Member member(int index, Json settings);

private:
  [[nodiscard]] Json data_settings();

  CheckpointOptions options_;
  LabelledFeatures train_;
  LabelledFeatures validation_;
  std::mutex mutex_;
  Json data_settings_;  // null until they were asked for
};

}  // namespace vidclass::train
