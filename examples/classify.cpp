// What happens in a clip: its three most probable labels.
#include <exception>
#include <iostream>
#include <vidclass/vidclass.hpp>

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: classify MODEL CLIP\n";
    return 2;
  }
  try {
    vidclass::Classifier classifier(argv[1]);
    for (const auto& [label, probability] : classifier.classify(argv[2]).top(3)) {
      std::cout << label << ' ' << probability << '\n';
    }
  } catch (const std::exception& error) {
    std::cerr << "classify: " << error.what() << '\n';
    return 1;
  }
}
