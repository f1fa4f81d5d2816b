#include "cli/classifier_flags.hpp"

#include "cli/train_library.hpp"
#include "core/input.hpp"

namespace vidclass::cli {

void ClassifierFlags::setup(CLI::App& app) {
  add_precision_option(app, precision);
  add_device_option(app, device);
  app.add_option("--network", network,
                 "where the model's network for frames is now, if that is a file (.onnx, .xml)");
}

classify::ClassifierOptions ClassifierFlags::options(const MachineOptions& machine) const {
  if (!network.empty()) require_input(network, "the model's network (.onnx or .xml)");
  std::string on = device;
  backbone::MakeEngine engine;
  choose_device(on, engine);
  return {.precision = backbone::precision_from(precision),
          .device = on,
          .engine = engine,
          .network = network,
          .threads = machine.threads,
          .limits = machine.limits,
          .compiled_cache = machine.compiled_cache(),
          .calibration_dir = machine.calibration_dir()};
}

}  // namespace vidclass::cli
