// The course of a training for other programs: JSON lines and TensorBoard.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "core/json.hpp"
#include "torch/finetune.hpp"
#include "train/event_file.hpp"
#include "train/train.hpp"

namespace vidclass::cli {

/// Which training of a job an epoch is of.
struct TrainingName {
  std::uint64_t seed = 1;
  int fold = 0;  // from 1; 0: not one of several folds
};

/// --log, --tensorboard. One thread at a time.
class EpochLog {
public:
  void setup(CLI::App& app);
  /// Empties the log. Throws Error if it cannot be written.
  void open();
  /// Writes what it is told at once, and does nothing if nothing was asked for.
  [[nodiscard]] std::function<void(int member, const train::Epoch& epoch)> of(
      const TrainingName& name);

  /// The same for fine-tuning, which `seed` names.
  [[nodiscard]] std::function<void(const torch::FinetuneEpoch& epoch)> of_finetuning(
      std::uint64_t seed);

private:
  void write(const Json& line);
  [[nodiscard]] train::EventFile& curves_in(const std::string& folder);
  void write_line(const TrainingName& name, int member, const train::Epoch& epoch);
  void write_points(const TrainingName& name, int member, const train::Epoch& epoch);

  std::filesystem::path path_;
  std::filesystem::path tensorboard_;
  std::ofstream file_;
  std::map<std::string, std::unique_ptr<train::EventFile>> curves_;
};

}  // namespace vidclass::cli
