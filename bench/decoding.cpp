// Samples every clip that stdin names, one a line, and prints the seconds (wall clock and CPU) that
// it took: bench_decoding FRAMES SIZE < LIST
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <iostream>
#include <string>
#include <vector>

#include "vidclass/error.hpp"
#include "video/sample.hpp"

int main(int count, char** arguments) {
  if (count != 3) {
    std::cerr << "usage: bench_decoding FRAMES SIZE < LIST\n";
    return 2;
  }
  vidclass::video::ClipSettings settings;
  settings.frames = std::atoi(arguments[1]);
  settings.size = std::atoi(arguments[2]);
  std::vector<std::string> clips;
  for (std::string line; std::getline(std::cin, line);) clips.push_back(line);
  try {
    // Once before, so that neither the disk nor the first use of a library is measured.
    for (std::size_t i = 0; i < clips.size() && i < 3; ++i) {
      (void)vidclass::video::sample_clip(clips[i], settings);
    }
    const auto start = std::chrono::steady_clock::now();
    const std::clock_t cpu = std::clock();
    std::size_t frames = 0;
    for (const std::string& clip : clips) {
      frames += vidclass::video::sample_clip(clip, settings).times.size();
    }
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    const double cpu_seconds = static_cast<double>(std::clock() - cpu) / CLOCKS_PER_SEC;
    std::cout << "{\"seconds\": " << seconds.count() << ", \"cpu_seconds\": " << cpu_seconds
              << ", \"frames\": " << frames << "}\n";
  } catch (const vidclass::Error& error) {
    std::cerr << error.what() << "\n";
    return 1;
  }
  return 0;
}
