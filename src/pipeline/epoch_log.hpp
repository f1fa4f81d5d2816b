// The course of a training for other programs: JSON lines and TensorBoard.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/json.hpp"
#include "pipeline/train.hpp"
#include "train/event_file.hpp"
#include "train/train.hpp"

namespace vidclass::pipeline {

/// One thread at a time. Its functions throw Error where something cannot be written.
class EpochLog {
public:
  /// A line of JSON for every epoch of every head; empty: none.
  std::filesystem::path lines;
  /// Folder for TensorBoard's event files, one sub-folder a head; empty: none.
  std::filesystem::path tensorboard;

  /// `lines`, if it was asked for.
  [[nodiscard]] std::vector<std::filesystem::path> files() const;
  /// Empties `lines`.
  void open();
  /// They write what they are told at once, and do nothing if nothing was asked for.
  [[nodiscard]] std::function<void(const TrainingName&, int member, const train::Epoch&)>
  of_training();
  [[nodiscard]] std::function<void(std::uint64_t seed, const torch::FinetuneEpoch&)>
  of_finetuning();

private:
  void write(const Json& line);
  [[nodiscard]] train::EventFile& curves_in(const std::string& folder);
  void write_line(const TrainingName& name, int member, const train::Epoch& epoch);
  void write_points(const TrainingName& name, int member, const train::Epoch& epoch);

  std::ofstream file_;
  std::map<std::string, std::unique_ptr<train::EventFile>> curves_;
};

}  // namespace vidclass::pipeline
