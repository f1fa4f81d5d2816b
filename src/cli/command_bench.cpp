#include <string>

#include "backbone/precision.hpp"
#include "cli/command.hpp"
#include "cli/options.hpp"
#include "core/format.hpp"
#include "evaluate/metrics.hpp"
#include "pipeline/measure.hpp"

namespace vidclass::cli {
namespace {

using pipeline::MeasuredPrecision;
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
    precision->fallthrough();
    data_.setup(*precision);
    add_machine_options(*precision, machine_);
    add_feature_options(*precision, features_);
    precision->add_option("--seconds", request_.seconds, "time for each measurement of speed")
        ->capture_default_str()
        ->check(CLI::Range(0.1, 600.0));
    precision->add_option("--rounds", request_.rounds, "how often each speed is measured, in turn")
        ->capture_default_str()
        ->check(CLI::Range(1, 1000));
    precision->add_flag("!--no-accuracy", request_.accuracy,
                        "skip the accuracy, which extracts all clips and trains a head for each "
                        "precision");
    precision->add_option("--seeds", request_.seeds, "heads trained for the accuracy")
        ->capture_default_str()
        ->check(CLI::Range(1, 100));
  }

  int run(const Context& context) override {
    request_.data = data_.data();
    request_.features = pipeline::extract_options(features_, machine_);
    const pipeline::MeasureOutcome outcome = pipeline::measure(request_, context.hooks);
    context.print(
        "median (least to most) of what is measured in turn\n"
        "precision  frames/s               GFLOP/s: the network, and the quickest product   share "
        "                of bf16  cosine to f32 (mean, least)  test top-1\n");
    Json rows = Json::array();
    for (const MeasuredPrecision& one : outcome.precisions) {
      context.print(row_of(one));
      rows.push_back(to_json(one));
    }
    const auto automatic = backbone::to_string(backbone::resolve(Precision::automatic));
    context.print(format("auto is {} here\n", automatic));
    context.print_json({{"backbone", features_.backbone},
                        {"size", outcome.size},
                        {"frames", outcome.frames},
                        {"threads", machine_.threads},
                        {"batch", features_.batch},
                        {"auto", automatic},
                        {"precisions", rows}});
    return exit_done;
  }

private:
  static std::string row_of(const MeasuredPrecision& one) {
    const auto top1 = evaluate::mean_and_deviation(one.test_top1);
    return format(
        "{:<9}  {:<21}  {:>7.0f} of {:>7.0f}{:27}{:<21}  {:>7}  {:.5f}, {:.5f}{:12}  {}\n",
        backbone::to_string(one.precision), text(spread_of(one.speeds), 1),
        spread_of(one.speeds).median * one.work, spread_of(one.peaks).median, "",
        text(spread_of(one.shares()), 2), one.times_bf16 ? format("{:.2f}", *one.times_bf16) : "-",
        one.agreement.mean_cosine, one.agreement.least_cosine, "",
        one.test_top1.empty() ? "-"
                              : format("{:.1f} % ± {:.1f}", top1.mean * 100, top1.deviation * 100));
  }

  static Json to_json(const MeasuredPrecision& one) {
    const Spread share = spread_of(one.shares());
    Json row{{"precision", backbone::to_string(one.precision)},
             {"frames_per_second", spread_of(one.speeds).median},
             {"gflops", spread_of(one.speeds).median * one.work},
             {"peak_gflops", spread_of(one.peaks).median},
             {"share_of_peak", share.median},
             {"share_of_peak_least", share.least},
             {"share_of_peak_most", share.most},
             {"all_frames_per_second", one.speeds},
             {"all_peak_gflops", one.peaks},
             {"cosine_mean", one.agreement.mean_cosine},
             {"cosine_least", one.agreement.least_cosine}};
    if (one.times_bf16) row["times_bf16"] = *one.times_bf16;
    if (!one.test_top1.empty()) {
      row["test_top1"] = one.test_top1;
      row["test_top1_mean"] = evaluate::mean_and_deviation(one.test_top1).mean;
    }
    return row;
  }

  pipeline::MeasureRequest request_;
  DataOptions data_;
  MachineOptions machine_;
  FeatureOptions features_;
};

}  // namespace

std::unique_ptr<Command> make_bench() { return std::make_unique<Bench>(); }

}  // namespace vidclass::cli
