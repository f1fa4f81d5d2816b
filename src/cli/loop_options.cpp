#include "cli/loop_options.hpp"

namespace vidclass::cli {

void CheckpointChoices::setup(CLI::App& app) {
  app.add_flag("--resume", resume,
               "go on from the checkpoints beside the model file, if there are any");
  app.add_option("--checkpoint-seconds", seconds, "keep the state this often, for --resume")
      ->capture_default_str()
      ->check(CLI::Range(0.0, 1e9));
  app.add_option("--checkpoint-epochs", epochs, "and after every so many epochs (0: by time alone)")
      ->capture_default_str()
      ->check(CLI::Range(0, 1'000'000));
}

train::CheckpointOptions CheckpointChoices::in(const std::filesystem::path& dir) const {
  return {.dir = dir, .seconds = seconds, .epochs = epochs, .resume = resume};
}

}  // namespace vidclass::cli
