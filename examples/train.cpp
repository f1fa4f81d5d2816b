// From a folder of labelled clips, or another data set, to a model file. Ctrl-C stops the training;
// the model then holds the best epochs so far.
#include <csignal>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <string>
#include <vidclass/vidclass.hpp>

namespace {
void show_progress(const vidclass::ProgressState& now) {
  if (now.done % 20 != 0 && now.done != now.total) return;
  std::cerr << now.stage << ' ' << now.done << '/' << now.total << ' ' << now.detail << '\n';
}
void show_message(vidclass::MessageLevel, const std::string& text) { std::cerr << text << '\n'; }

const vidclass::Hooks hooks{.progress = show_progress, .message = show_message};
}  // namespace

int main(int argc, char** argv) {
  if (argc < 3 || argc > 6) {
    std::cerr << "usage: train DATA MODEL [BACKBONE [HEAD [EPOCHS]]]\n";
    return 2;
  }
  try {
    vidclass::TrainOptions options;  // its defaults are those of the program
    if (argc > 3) options.features.backbone = argv[3];
    if (argc > 4) options.head = argv[4];
    if (argc > 5) options.epochs = std::atoi(argv[5]);

    std::signal(SIGINT, [](int) { hooks.cancel.request(); });
    const vidclass::TrainReport report = vidclass::train_model(argv[1], argv[2], options, hooks);

    for (const auto& [path, reason] : report.unusable) {
      std::cerr << "left out: " << path.string() << ": " << reason << '\n';
    }
    std::cout << report.train_clips << " clips to train and " << report.val_clips
              << " to validate on; validation top-1 " << report.val_top1 << '\n';
  } catch (const std::exception& error) {
    std::cerr << "train: " << error.what() << '\n';
    return 1;
  }
}
