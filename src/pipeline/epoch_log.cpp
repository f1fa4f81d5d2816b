#include "pipeline/epoch_log.hpp"

#include <cerrno>
#include <cstring>
#include <system_error>

#include "core/format.hpp"
#include "core/own_files.hpp"
#include "vidclass/error.hpp"

namespace vidclass::pipeline {

std::vector<std::filesystem::path> EpochLog::files() const {
  return lines.empty() ? std::vector<std::filesystem::path>() : std::vector{lines};
}

void EpochLog::open() {
  if (lines.empty()) return;
  std::error_code error;
  if (lines.has_parent_path()) std::filesystem::create_directories(lines.parent_path(), error);
  list_own_files({&lines, 1});
  file_.open(lines);
  if (!file_) throw Error(format("cannot write {}: {}", lines.string(), std::strerror(errno)));
}

std::function<void(const TrainingName&, int member, const train::Epoch&)> EpochLog::of_training() {
  return [this](const TrainingName& name, int member, const train::Epoch& epoch) {
    if (!lines.empty()) write_line(name, member, epoch);
    if (!tensorboard.empty()) write_points(name, member, epoch);
  };
}

std::function<void(std::uint64_t seed, const torch::FinetuneEpoch&)> EpochLog::of_finetuning() {
  return [this](std::uint64_t seed, const torch::FinetuneEpoch& epoch) {
    if (!lines.empty()) {
      write({{"seed", seed},
             {"finetune", true},
             {"epoch", epoch.epoch},
             {"train_loss", epoch.train_loss},
             {"val_loss", epoch.val_loss},
             {"val_objective", epoch.val_objective},
             {"val_top1", epoch.val_top1},
             {"seconds", epoch.seconds}});
    }
    if (!tensorboard.empty()) {
      train::EventFile& curves = curves_in(format("seed-{}-finetune", seed));
      if (epoch.epoch > 0) curves.add("loss/train", epoch.epoch, epoch.train_loss);
      curves.add("loss/validation", epoch.epoch, epoch.val_loss);
      curves.add("top-1/validation", epoch.epoch, epoch.val_top1);
    }
  };
}

void EpochLog::write(const Json& line) {
  file_ << to_strict_text(line) << '\n' << std::flush;
  if (!file_) throw Error(format("cannot write {}: {}", lines.string(), std::strerror(errno)));
}

train::EventFile& EpochLog::curves_in(const std::string& folder) {
  auto& curves = curves_[folder];
  if (!curves) curves = std::make_unique<train::EventFile>(tensorboard / folder);
  return *curves;
}

void EpochLog::write_line(const TrainingName& name, int member, const train::Epoch& epoch) {
  Json line{{"seed", name.seed}};
  if (name.fold > 0) line["fold"] = name.fold;
  line.update({{"member", member + 1},
               {"epoch", epoch.epoch},
               {"train_loss", epoch.train_loss},
               {"val_loss", epoch.val_loss},
               {"val_objective", epoch.val_objective},
               {"val_top1", epoch.val_top1},
               {"learning_rate", epoch.learning_rate},
               {"seconds", epoch.seconds}});
  write(line);
}

void EpochLog::write_points(const TrainingName& name, int member, const train::Epoch& epoch) {
  std::string folder = format("seed-{}", name.seed);
  if (name.fold > 0) folder += format("-fold-{}", name.fold);
  folder += format("-member-{}", member + 1);
  train::EventFile& curves = curves_in(folder);
  curves.add("loss/train", epoch.epoch, epoch.train_loss);
  curves.add("loss/validation", epoch.epoch, epoch.val_loss);
  curves.add("top-1/validation", epoch.epoch, epoch.val_top1);
  curves.add("learning rate", epoch.epoch, epoch.learning_rate);
}

}  // namespace vidclass::pipeline
