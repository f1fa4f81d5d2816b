#include "video/clip_settings.hpp"

#include <array>
#include <sstream>
#include <string>
#include <utility>

#include "vidclass/error.hpp"

namespace vidclass::video {
namespace {

template <typename T, std::size_t N>
using Names = std::array<std::pair<T, std::string_view>, N>;

constexpr Names<Sampling, 4> samplings{{{Sampling::uniform, "uniform"},
                                        {Sampling::first, "first"},
                                        {Sampling::segment, "segment"},
                                        {Sampling::dense, "dense"}}};
constexpr Names<Preprocess, 2> preprocesses{
    {{Preprocess::standard, "standard"}, {Preprocess::keras, "keras"}}};
constexpr Names<Crop, 2> crops{{{Crop::centre, "centre"}, {Crop::motion, "motion"}}};

template <typename T, std::size_t N>
std::string_view name_in(const Names<T, N>& names, T wanted) noexcept {
  for (const auto& [value, name] : names) {
    if (value == wanted) return name;
  }
  return "unknown";
}

template <typename T, std::size_t N>
T value_in(const Names<T, N>& names, std::string_view wanted, const std::string& what) {
  std::string choices;
  for (const auto& [value, name] : names) {
    if (name == wanted) return value;
    choices += choices.empty() ? "" : ", ";
    choices += name;
  }
  throw UsageError("unknown " + what + " '" + std::string(wanted) + "': choose one of " + choices);
}

/// `lowest` to `highest`, in words.
template <typename Number>
void require(const char* name, Number value, Number lowest, Number highest, const char* unit = "") {
  if (value >= lowest && value <= highest) return;
  std::ostringstream text;
  text << name << " is " << value << ": it must be from " << lowest << " to " << highest << unit;
  throw UsageError(text.str());
}

}  // namespace

void check(const ClipSettings& settings) {
  if (settings.frames < 1) {
    throw UsageError("frames is " + std::to_string(settings.frames) + ": it must be at least 1");
  }
  require("size", settings.size, 1, 8192, " pixels");
  if (settings.crop == Crop::motion && settings.preprocess == Preprocess::keras) {
    throw UsageError("crop is motion, but preprocessing as keras does is of the centre");
  }
  require("motion_grid", settings.motion_grid, 0, 256, " cells");
  require("stride", settings.stride, 1, 10'000);
  require("candidates", settings.candidates, 1, 100);
  require("fps", settings.fps, 0.0, 1000.0, " frames/s");
  require("clips", settings.clips, 1, 1000);
  if (settings.clips > 1 && settings.sampling != Sampling::uniform &&
      settings.sampling != Sampling::dense) {
    throw UsageError("clips is " + std::to_string(settings.clips) + ", but the sampling " +
                     std::string(to_string(settings.sampling)) +
                     " takes one sequence; uniform and dense take several");
  }
}

std::size_t most_frames(const ClipSettings& settings) noexcept {
  const int sequences =
      settings.sampling == Sampling::segment ? settings.candidates : settings.clips;
  return static_cast<std::size_t>(settings.frames) * static_cast<std::size_t>(sequences);
}

ClipSettings for_testing(ClipSettings settings) noexcept {
  if (settings.sampling == Sampling::segment) settings.sampling = Sampling::uniform;
  settings.faded = false;
  return settings;
}

std::string_view to_string(Sampling sampling) noexcept { return name_in(samplings, sampling); }

std::string_view to_string(Preprocess preprocess) noexcept {
  return name_in(preprocesses, preprocess);
}

std::string_view to_string(Crop crop) noexcept { return name_in(crops, crop); }

Sampling sampling_from(std::string_view name) { return value_in(samplings, name, "sampling"); }

Preprocess preprocess_from(std::string_view name) {
  return value_in(preprocesses, name, "preprocessing");
}

Crop crop_from(std::string_view name) { return value_in(crops, name, "crop"); }

}  // namespace vidclass::video
