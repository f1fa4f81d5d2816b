// How a model came about: what its file keeps of the training.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "train/train.hpp"

namespace vidclass::model {

/// How splits that the data does not give were made, so that the same can be made again.
struct SplitRecord {
  std::uint64_t seed = 1;
  double validation = 0.15;  // shares of all clips
  double test = 0.15;
  /// The test set is this one of so many folds.
  struct Fold {
    int number = 1;
    int of = 5;
  };
  std::optional<Fold> fold{};
};

/// Which members a `gru` has, and why.
struct EnsembleRecord {
  train::Mixture mixture = train::Mixture::balanced;
  /// Why the default was kept; empty where it was chosen on groups left out, by what follows.
  std::string reason{};
  int folds = 0;
  std::size_t groups = 0;
  /// Loss on the groups left out of each mixture.
  std::vector<std::pair<train::Mixture, double>> loss{};
};

/// How the motion stream was trained and weighed.
struct StreamsRecord {
  /// Parts that were left out in turn, and the groups in them; 0: the validation clips were left
  /// out.
  int folds = 0;
  std::size_t groups = 0;
  /// Losses on the clips left out, of each stream at its temperature and of both.
  double appearance_loss = 0;
  double motion_loss = 0;
  double joined_loss = 0;
  double strength = 0;  // train::RegressionOptions
  /// Of each stream on the validation clips, before anything was trained on these.
  double appearance_val_top1 = 0;
  double motion_val_top1 = 0;
  double seconds = 0;
};

struct FinetuneRecord {
  std::string blocks;  // backbone::to_string(TunedBlocks)
  int best_epoch = 0;
  double seconds = 0;
  double frozen_seconds = 0;  // of computing the activations of the frozen layers
  double clips_per_second = 0;
  std::vector<train::Epoch> epochs;  // the 0th is the network as it came; no learning rates
};

struct TrainingRecord {
  std::uint64_t seed = 1;
  SplitRecord split;
  std::size_t train_clips = 0;
  std::size_t val_clips = 0;
  double val_top1 = 0;
  double val_loss = 0;
  /// The heads were trained once more, on the validation clips as well.
  bool refitted = false;
  double seconds = 0;
  train::Recipe recipe;
  std::vector<train::MemberHistory> members;
  std::optional<EnsembleRecord> ensemble{};
  std::optional<FinetuneRecord> finetune{};
  std::optional<StreamsRecord> streams{};
};

}  // namespace vidclass::model
