// Everything that a training depends on, to tell one from another.
#pragma once

#include <cstdint>
#include <string>

#include "core/json.hpp"
#include "head/head.hpp"
#include "train/features.hpp"
#include "train/recipe.hpp"

namespace vidclass::train {

/// SHA-256 over all labels and features. Reads every clip.
[[nodiscard]] std::string fingerprint(const LabelledFeatures& data);

/// One flat object of the settings by the names that people know.
[[nodiscard]] Json describe(const head::HeadSpec& spec, const Recipe& recipe, std::uint64_t seed);

/// "the learning rate was 0.002 and is now 0.001"; empty if the two are the same.
[[nodiscard]] std::string first_difference(const Json& before, const Json& now);

}  // namespace vidclass::train
