// From features to a model: the second half of train and run.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "cli/context.hpp"
#include "cli/data_job.hpp"
#include "cli/train_library.hpp"
#include "vidclass/dataset/split.hpp"
#include "vidclass/model/model.hpp"

namespace vidclass::cli {

/// --head, --epochs, --batch-size, --learning-rate, --members.
struct HeadOptions {
  std::string head = "gru";
  std::optional<int> epochs;
  std::optional<int> batch_size;
  std::optional<double> learning_rate;
  std::optional<int> members;

  void setup(CLI::App& app);
  [[nodiscard]] train::TrainOptions train_options(head::HeadKind kind, std::uint64_t seed,
                                                  const DataFeatures& features, std::size_t labels,
                                                  int threads) const;
};

/// Trains a head of the given kind with the recipe of its kind alone.
[[nodiscard]] train::TrainResult train_plain(const TrainLibrary& library, head::HeadKind kind,
                                             std::uint64_t seed, const DataFeatures& features,
                                             std::size_t labels, int threads,
                                             const Context& context);

/// What the data was, for the model file and for evaluating on the same split.
struct SplitFacts {
  std::uint64_t seed = 1;
  double validation = 0;
  double test = 0;
  std::optional<dataset::Fold> fold = std::nullopt;
};

/// `seen`: see cli/seen_clips.hpp.
[[nodiscard]] model::Model make_model(const dataset::Manifest& manifest,
                                      const DataFeatures& features, train::TrainResult heads,
                                      head::Head baseline, const SplitFacts& split,
                                      std::uint64_t seed, model::SeenClips seen);
/// The split that a model was trained with, from its training document.
[[nodiscard]] SplitFacts split_facts(const model::Model& model);

/// Curves and numbers of a training, as in the model file.
[[nodiscard]] Json to_json(const train::TrainResult& result);
/// The fields that `train --json` promises.
[[nodiscard]] Json train_summary(const train::TrainResult& result, std::uint64_t seed);

}  // namespace vidclass::cli
