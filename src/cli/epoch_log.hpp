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
#include "vidclass/learn/event_file.hpp"
#include "vidclass/learn/train.hpp"
#include "vidclass/train/finetune.hpp"

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
  [[nodiscard]] std::function<void(int member, const learn::Epoch& epoch)> of(
      const TrainingName& name);

  /// The same for fine-tuning, which `seed` names.
  [[nodiscard]] std::function<void(const train::FinetuneEpoch& epoch)> of_finetuning(
      std::uint64_t seed);

private:
  void write(const Json& line);
  [[nodiscard]] learn::EventFile& curves_in(const std::string& folder);
  void write_line(const TrainingName& name, int member, const learn::Epoch& epoch);
  void write_points(const TrainingName& name, int member, const learn::Epoch& epoch);

  std::filesystem::path path_;
  std::filesystem::path tensorboard_;
  std::ofstream file_;
  std::map<std::string, std::unique_ptr<learn::EventFile>> curves_;
};

}  // namespace vidclass::cli
