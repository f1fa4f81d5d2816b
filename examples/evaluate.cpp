// How good a model is on the test clips of a data set, as numbers and as a page for a browser.
#include <exception>
#include <iostream>
#include <vidclass/vidclass.hpp>

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: evaluate MODEL DATA PAGE\n";
    return 2;
  }
  try {
    const auto report = vidclass::evaluate_model(argv[1], argv[2], {.report = argv[3]});
    for (const auto& warning : report.warnings) std::cerr << "warning: " << warning << '\n';
    std::cout << "clips " << report.clips << "\ntop-1 " << report.top1 << " (95 % interval "
              << report.top1_low << " to " << report.top1_high << ")\n";
    if (report.baseline_top1) std::cout << "mean-pool baseline " << *report.baseline_top1 << '\n';
    std::cout << "chance " << report.chance << '\n';
  } catch (const std::exception& error) {
    std::cerr << "evaluate: " << error.what() << '\n';
    return 1;
  }
}
