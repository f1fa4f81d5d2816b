// The one symbol that a program looks up in the training library.
#pragma once

#include <cstdint>
#include <memory>

#include "vidclass/learn/learner.hpp"

namespace vidclass::train {

/// Learners of the heads that LibTorch trains.
using MakeLearner = std::unique_ptr<learn::Learner>(const head::HeadSpec& spec,
                                                    const learn::Recipe& recipe,
                                                    std::uint64_t seed);
using EntryFunction = MakeLearner* (*)();
/// The version is part of the name: raise it with every change of what passes
/// through here.
inline constexpr const char* entry_function_name = "vidclass_train_entry_v2";

}  // namespace vidclass::train
