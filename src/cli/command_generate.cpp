#include "cli/command.hpp"
#include "cli/options.hpp"
#include "core/format.hpp"
#include "dataset/generate.hpp"

namespace vidclass::cli {
namespace {

class Generate : public Command {
public:
  void setup(CLI::App& app) override {
    app.add_option("DIR", dir_, "folder to write into: absent, empty or a former output")
        ->required();
    app.add_option("--groups", options_.groups, "scenes a class")->capture_default_str();
    app.add_option("--clips-per-group", options_.clips_per_group, "clips of each scene")
        ->capture_default_str();
    app.add_option("--threads", options_.threads, "clips drawn at the same time")
        ->capture_default_str();
    app.add_option("--moment", options_.moment,
                   "share of a clip in which something happens; below 1, a table beside each "
                   "clip says when and where")
        ->capture_default_str();
    add_seed_option(app, options_.seed, "another set of clips");
  }

  int run(const Context& context) override {
    const auto report =
        dataset::generate(dir_, options_, context.hooks.progress, context.hooks.cancel);
    context.print(format("{}: {} clips of {} classes, in UCF101's layout with {}/splits\n",
                         dir_.string(), report.clips, report.classes, dir_.string()));
    context.print_json({{"dir", dir_.string()},
                        {"classes", report.classes},
                        {"clips", report.clips},
                        {"seed", options_.seed}});
    return exit_done;
  }

private:
  std::filesystem::path dir_;
  dataset::GenerateOptions options_;
};

}  // namespace

std::unique_ptr<Command> make_generate() { return std::make_unique<Generate>(); }

}  // namespace vidclass::cli
