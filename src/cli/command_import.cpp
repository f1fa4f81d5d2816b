#include "cli/command.hpp"
#include "cli/options.hpp"
#include "core/format.hpp"
#include "core/text.hpp"
#include "exchange/import_keras.hpp"

namespace vidclass::cli {
namespace {

class Import : public Command {
public:
  void setup(CLI::App& app) override {
    app.add_option("FILE", request_.file,
                   "a recurrent network that Keras saved: .keras, .h5 or .weights.h5")
        ->required();
    app.add_option("-o,--output", request_.output, "the model file to write")
        ->required()
        ->group(group::output);
    app.add_option("--labels", request_.labels_file,
                   "file with the labels of the network's outputs, one a line, in their order")
        ->required()
        ->group(group::data);
    app.add_flag("--arrays", request_.options.arrays,
                 "the model is to read feature arrays, not clips")
        ->group(group::data);
    app.add_option("--activation", request_.options.activation,
                   "of dense layers but the last, where the file holds weights alone")
        ->capture_default_str()
        ->group(group::head);
    add_feature_options(app, request_.options.features);
    app.get_option("--frames")
        ->description("frames taken from a clip, where the network does not say (default: 20)")
        ->default_str("");
    app.get_option("--pooling")
        ->description("features of a frame: avg, which such a network reads, and no other");
    add_machine_options(app, request_.options.machine, "");
    add_overwrite_option(app, request_.options.overwrite);
  }

  int run(const Context& context) override {
    request_.labels = exchange::read_labels(request_.labels_file);
    const model::Model model = exchange::import_keras(request_, context.hooks);
    const head::HeadSpec& spec = model.heads.front().spec;
    const std::vector<std::string> layers = exchange::describe_layers(spec);
    context.print(format("{}: {}; reads {}\n", printable(request_.output.string()), joined(layers),
                         what_it_reads(model)));
    context.print_json({{"model", request_.output.string()},
                        {"head", head::to_string(spec.kind)},
                        {"layers", layers},
                        {"labels", model.labels},
                        {"features", spec.features},
                        {"backbone", model.backbone},
                        {"frames", model.clip.frames},
                        {"sampling", video::to_string(model.clip.sampling)},
                        {"preprocess", video::to_string(model.clip.preprocess)},
                        {"crop", video::to_string(model.clip.crop)},
                        {"size", model.clip.size},
                        {"filled_up_to", spec.steps}});
    return exit_done;
  }

private:
  static std::string joined(const std::vector<std::string>& layers) {
    std::string text;
    for (const std::string& layer : layers) text += (text.empty() ? "" : ", ") + layer;
    return text;
  }

  [[nodiscard]] std::string what_it_reads(const model::Model& model) const {
    const std::size_t features = model.heads.front().spec.features;
    if (request_.options.arrays) return format("arrays of {} features a frame", features);
    return format("clips: {} frames ({}) of {} px, {} features of {} each", model.clip.frames,
                  video::to_string(model.clip.sampling), model.clip.size, features, model.backbone);
  }

  exchange::ImportRequest request_;
};

}  // namespace

std::unique_ptr<Command> make_import() { return std::make_unique<Import>(); }

}  // namespace vidclass::cli
