#include "backbone/backbone.hpp"
#include "backbone/weights.hpp"
#include "cli/command.hpp"
#include "cli/options.hpp"
#include "core/format.hpp"
#include "core/input.hpp"
#include "pipeline/calibrate.hpp"
#include "vidclass/error.hpp"

namespace vidclass::cli {
namespace {

class BackboneVerb : public Command {
public:
  void setup(CLI::App& app) override {
    app.require_subcommand(1);
    list_ = app.add_subcommand("list", "the networks, and where their weights are");
    fetch_ = app.add_subcommand("fetch", "download Xception's weights, if they are not at hand");
    verify_ = app.add_subcommand("verify", "check Xception's weights, tensor by tensor");
    quantise_ = app.add_subcommand(
        "quantise", "measure a network's activations on clips, which int8 needs, and keep them");
    quantise_
        ->add_option("--calibrate", request_.data.data,
                     "clips to measure on: a data set, as for extract")
        ->required();
    quantise_
        ->add_option("-o,--output", request_.output,
                     "file to write (default: in the user's cache folder)")
        ->group(group::output);
    quantise_
        ->add_option("--model", request_.model,
                     "calibrate the network of this model file, which may be a fine-tuned one")
        ->group(group::backbone);
    add_overwrite_option(*quantise_, request_.overwrite);
    add_machine_options(*quantise_, machine_);
    add_feature_options(*quantise_, features_);
    // --json may come after the second word, too.
    for (CLI::App* sub : {list_, fetch_, verify_, quantise_}) sub->fallthrough();
    verify_->add_option("FILE", file_, "a Keras HDF5 file (default: the one that would be used)");
  }

  int run(const Context& context) override {
    if (list_->parsed()) return list(context);
    if (fetch_->parsed()) return fetch(context);
    if (quantise_->parsed()) return quantise(context);
    return verify(context);
  }

private:
  static int list(const Context& context) {
    const auto source = backbone::WeightSource::from_environment();
    Json document = Json::array();
    for (const auto& known : backbone::known_backbones()) {
      const auto weights = known.file ? backbone::find_weights(source, *known.file) : std::nullopt;
      const std::string where = known.file == nullptr ? "built in"
                                : weights             ? weights->string()
                                                      : "weights not here yet";
      context.print(format("{:<9} {:>5} features, {} px: {} ({})\n", known.name, known.feature_size,
                           known.default_size, known.description, where));
      document.push_back({{"name", known.name},
                          {"description", known.description},
                          {"features", known.feature_size},
                          {"size", known.default_size},
                          {"weights", weights ? Json(weights->string()) : Json(nullptr)}});
    }
    context.print_json({{"backbones", document}});
    return exit_done;
  }

  static int fetch(const Context& context) {
    const auto path = backbone::obtain_weights(backbone::WeightSource::from_environment(),
                                               backbone::xception_file(), context.hooks.progress,
                                               context.hooks.cancel);
    context.print(path.string() + "\n");
    context.print_json({{"path", path.string()}});
    return exit_done;
  }

  int verify(const Context& context) const {
    std::filesystem::path path = file_;
    if (!path.empty()) require_input(path, "a Keras HDF5 file");
    if (path.empty()) {
      const auto found = backbone::find_weights(backbone::WeightSource::from_environment(),
                                                backbone::xception_file());
      if (!found) {
        throw Error("there are no weights to verify; \"vidclass backbone fetch\" downloads them");
      }
      path = *found;
    }
    const auto check = backbone::verify_xception_weights(path);
    context.print(
        format("{}\n  file:   {} (MD5 {})\n  values: {} (SHA-256 {})\n", check.path.string(),
               check.published_file ? "the published one" : "not the published one", check.md5,
               check.published_values ? "the published ones" : "not the published ones",
               check.values_sha256));
    context.print_json({{"path", check.path.string()},
                        {"md5", check.md5},
                        {"published_file", check.published_file},
                        {"values_sha256", check.values_sha256},
                        {"published_values", check.published_values}});
    return check.published_values ? exit_done : exit_failed;
  }

  int quantise(const Context& context) {
    request_.features = pipeline::extract_options(features_, machine_);
    const pipeline::CalibrateOutcome outcome = pipeline::calibrate(request_, context.hooks);
    Json document{{"path", outcome.path.string()},
                  {"frames", outcome.frames},
                  {"backbone", outcome.network.name},
                  {"size", outcome.network.size}};
    context.print(format("{}: {} px, measured on {} frames of {} clips\n", outcome.path.string(),
                         outcome.network.size, outcome.frames, outcome.clips));
    if (outcome.agreement) {
      context.print(
          format("cosine to f32 on {} frames of other clips: {:.5f} on average, {:.5f} at least\n",
                 outcome.compared_frames, outcome.agreement->mean_cosine,
                 outcome.agreement->least_cosine));
      document["cosine"] = {{"frames", outcome.compared_frames},
                            {"mean", outcome.agreement->mean_cosine},
                            {"least", outcome.agreement->least_cosine}};
    }
    context.print_json(document);
    return exit_done;
  }

  CLI::App* list_ = nullptr;
  CLI::App* fetch_ = nullptr;
  CLI::App* verify_ = nullptr;
  CLI::App* quantise_ = nullptr;
  pipeline::CalibrateRequest request_;
  MachineOptions machine_;
  FeatureOptions features_;
  std::filesystem::path file_;
};

}  // namespace

std::unique_ptr<Command> make_backbone() { return std::make_unique<BackboneVerb>(); }

}  // namespace vidclass::cli
