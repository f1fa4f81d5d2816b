// What the module is made of.
#pragma once

#include <vector>

#include <nanobind/nanobind.h>

#include "vidclass/clip.hpp"

namespace vidclass::python {

void bind_clips(nanobind::module_& module);     // clips, and their frames
void bind_features(nanobind::module_& module);  // features, and linear classifiers of them
void bind_models(nanobind::module_& module);    // classify and explain
void bind_training(nanobind::module_& module);  // data sets, training, evaluation

/// [(path, reason)].
[[nodiscard]] nanobind::list to_python(const std::vector<UnusableClip>& unusable);

}  // namespace vidclass::python
