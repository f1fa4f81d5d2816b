#include "vidclass/video/clip_settings.hpp"

#include <array>
#include <string>
#include <utility>

#include "vidclass/core/error.hpp"

namespace vidclass::video {
namespace {

template <typename T, std::size_t N>
using Names = std::array<std::pair<T, std::string_view>, N>;

constexpr Names<Sampling, 2> samplings{
    {{Sampling::uniform, "uniform"}, {Sampling::first, "first"}}};
constexpr Names<Preprocess, 2> preprocesses{
    {{Preprocess::standard, "standard"}, {Preprocess::keras, "keras"}}};

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

}  // namespace

std::string_view to_string(Sampling sampling) noexcept { return name_in(samplings, sampling); }

std::string_view to_string(Preprocess preprocess) noexcept {
  return name_in(preprocesses, preprocess);
}

Sampling sampling_from(std::string_view name) { return value_in(samplings, name, "sampling"); }

Preprocess preprocess_from(std::string_view name) {
  return value_in(preprocesses, name, "preprocessing");
}

}  // namespace vidclass::video
