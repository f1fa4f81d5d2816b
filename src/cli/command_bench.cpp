#include <string>
#include <vector>

#include "backbone/precision.hpp"
#include "cli/command.hpp"
#include "cli/options.hpp"
#include "core/format.hpp"
#include "evaluate/metrics.hpp"
#include "pipeline/measure.hpp"

namespace vidclass::cli {
namespace {

using pipeline::MeasuredNetwork;
using pipeline::Spread;
using pipeline::spread_of;

std::string text(const Spread& spread, int digits) {
  return format("{:.{}f} ({:.{}f} to {:.{}f})", spread.median, digits, spread.least, digits,
                spread.most, digits);
}

class Bench : public Command {
public:
  void setup(CLI::App& app) override {
    app.require_subcommand(1);
    auto* precision = app.add_subcommand(
        "precision",
        "frames a second, cosine to f32 and accuracy of f32, bf16 and int8, or of --precision");
    setup_shared(*precision);
    pareto_ = app.add_subcommand(
        "pareto", "frames a second against accuracy of several networks, sizes and precisions");
    setup_shared(*pareto_);
    // --networks says all that these do.
    for (const char* name : {"--backbone", "--size", "--precision", "--mean", "--scale",
                             "--input-layout", "--feature", "--middle"}) {
      pareto_->remove_option(pareto_->get_option(name));
    }
    pareto_
        ->add_option(
            "--networks", networks_,
            "what to measure: NETWORK[@SIZE][:PRECISION] (xception@224:int8), separated by commas")
        ->delimiter(',')
        ->capture_default_str()
        ->group(group::backbone);
    pareto_->add_option("-o,--output", request_.output, "an SVG file to draw them into")
        ->group(group::output);
    add_overwrite_option(*pareto_, request_.overwrite);
  }

  int run(const Context& context) override {
    request_.data = data_.data();
    request_.features = pipeline::extract_options(features_, machine_);
    if (pareto_->parsed()) {
      for (const std::string& network : networks_) {
        request_.networks.push_back(pipeline::network_setting_from(network));
      }
    }
    const pipeline::MeasureOutcome outcome = pipeline::measure(request_, context.hooks);
    context.print("median (least to most) of what is measured in turn\n");
    context.print(pareto_->parsed() ? pareto_heading : precision_heading);
    Json rows = Json::array();
    for (const MeasuredNetwork& one : outcome.networks) {
      context.print(pareto_->parsed() ? pareto_row(one) : row_of(one));
      rows.push_back(pipeline::to_json(one));
    }
    const auto automatic = backbone::to_string(backbone::resolve(Precision::automatic));
    Json document{{"frames", outcome.frames},
                  {"threads", machine_.threads},
                  {"batch", features_.batch},
                  {"auto", automatic}};
    if (pareto_->parsed()) {
      if (request_.accuracy) context.print("* none is both quicker and more accurate\n");
      if (!request_.output.empty()) context.print(request_.output.string() + "\n");
      document["networks"] = rows;
    } else {
      context.print(format("auto is {} here\n", automatic));
      document["backbone"] = features_.backbone;
      document["size"] = outcome.networks.front().size;
      document["precisions"] = rows;
    }
    context.print_json(document);
    return exit_done;
  }

private:
  static constexpr const char* precision_heading =
      "precision  frames/s               GFLOP/s: the network, and the quickest product   share "
      "                of bf16  cosine to f32 (mean, least)  test top-1\n";
  static constexpr const char* pareto_heading =
      "  network       px  precision  frames/s                20 frames  test top-1\n";

  void setup_shared(CLI::App& app) {
    app.fallthrough();
    data_.setup(app);
    add_machine_options(app, machine_);
    add_feature_options(app, features_);
    app.add_option("--seconds", request_.seconds, "time for each measurement of speed")
        ->capture_default_str()
        ->check(CLI::Range(0.1, 600.0));
    app.add_option("--rounds", request_.rounds, "how often each speed is measured, in turn")
        ->capture_default_str()
        ->check(CLI::Range(1, 1000));
    app.add_flag(
        "!--no-accuracy", request_.accuracy,
        "skip the accuracy, which extracts all clips and trains heads for each network and "
        "precision");
    app.add_option("--seeds", request_.seeds, "heads trained for the accuracy")
        ->capture_default_str()
        ->check(CLI::Range(1, 100));
  }

  static std::string top1_of(const MeasuredNetwork& one) {
    if (one.test_top1.empty()) return "-";
    const auto top1 = evaluate::mean_and_deviation(one.test_top1);
    return format("{:.1f} % ± {:.1f}", top1.mean * 100, top1.deviation * 100);
  }

  static std::string pareto_row(const MeasuredNetwork& one) {
    return format("{} {:<12} {:>4}  {:<9}  {:<22}  {:>7.0f} ms  {}\n", one.on_front ? '*' : ' ',
                  one.name, one.size, backbone::to_string(one.precision),
                  text(spread_of(one.speeds), 1), 20'000 / spread_of(one.speeds).median,
                  top1_of(one));
  }

  static std::string row_of(const MeasuredNetwork& one) {
    return format(
        "{:<9}  {:<21}  {:>7.0f} of {:>7.0f}{:27}{:<21}  {:>7}  {:.5f}, {:.5f}{:12}  {}\n",
        backbone::to_string(one.precision), text(spread_of(one.speeds), 1),
        spread_of(one.speeds).median * one.work, spread_of(one.peaks).median, "",
        text(spread_of(one.shares()), 2), one.times_bf16 ? format("{:.2f}", *one.times_bf16) : "-",
        one.agreement.mean_cosine, one.agreement.least_cosine, "", top1_of(one));
  }

  CLI::App* pareto_ = nullptr;
  std::vector<std::string> networks_{"xception", "xception:int8", "lite0", "lite0:int8"};
  pipeline::MeasureRequest request_;
  DataOptions data_;
  MachineOptions machine_;
  FeatureOptions features_;
};

}  // namespace

std::unique_ptr<Command> make_bench() { return std::make_unique<Bench>(); }

}  // namespace vidclass::cli
