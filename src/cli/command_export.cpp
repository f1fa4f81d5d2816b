#include "cli/command.hpp"
#include "cli/options.hpp"
#include "core/format.hpp"
#include "exchange/export.hpp"
#include "exchange/format.hpp"

namespace vidclass::cli {
namespace {

std::string format_names() {
  std::string names;
  for (const exchange::Format& each : exchange::formats()) {
    names += format("{}{} ({})", names.empty() ? "" : "; ", each.name, each.about);
  }
  return names;
}

class Export : public Command {
public:
  void setup(CLI::App& app) override {
    ExportOptions& options = request_.options;
    app.add_option("MODEL", request_.model, "a model file")->required();
    app.add_option("--to", request_.format, "the format: " + format_names())
        ->required()
        ->type_name("NAME");
    app.add_option("-o,--output", request_.output,
                   "the file to write; MODEL_CARD.md comes beside it")
        ->required()
        ->group(group::output);
    app.add_flag("--frames", options.frames,
                 "from the frames of clips, with the network for frames inside; else from its "
                 "features");
    add_choice(app, "--precision", options.precision, exchange::export_precision_from,
               exchange::to_string(options.precision),
               "of the weights: f32, f16, or int8 (the network for frames, of openvino)");
    app.add_option("--network", options.network,
                   "where a model's network of a file is now (default: where the model says)");
    add_overwrite_option(app, options.overwrite);
  }

  int run(const Context& context) override {
    const ExportReport report = exchange::export_model(request_, context.hooks);
    std::string text;
    Json files = Json::array();
    for (const auto& file : report.files) {
      text += file.string() + "\n";
      files.push_back(file.string());
    }
    const exchange::Format& written = exchange::format_named(request_.format);
    text += format(
        "read back ({}): largest difference in probability on {} made-up clips: {:.2g} (allowed: "
        "{:.2g})\n",
        written.runs_in, report.clips, report.largest_difference, report.allowed_difference);
    context.print(text);
    context.print_json({{"format", request_.format},
                        {"frames", request_.options.frames},
                        {"precision", exchange::to_string(request_.options.precision)},
                        {"files", files},
                        {"compared_in", written.runs_in},
                        {"compared_clips", report.clips},
                        {"largest_difference", report.largest_difference},
                        {"allowed_difference", report.allowed_difference},
                        {"without_motion", report.without_motion}});
    return exit_done;
  }

private:
  exchange::ExportRequest request_;
};

}  // namespace

std::unique_ptr<Command> make_export() { return std::make_unique<Export>(); }

}  // namespace vidclass::cli
