// What a program looks up in the training library.
#pragma once

#include <cstdint>
#include <memory>

#include "train/torch_engine.hpp"
#include "vidclass/learn/learner.hpp"
#include "vidclass/train/finetune.hpp"
#include "vidclass/train/ranks.hpp"

namespace vidclass::train {

/// Learners of the heads that LibTorch trains.
using MakeLearner = std::unique_ptr<learn::Learner>(const head::HeadSpec& spec,
                                                    const learn::Recipe& recipe,
                                                    std::uint64_t seed);

struct Entry {
  MakeLearner* make_learner = nullptr;
  decltype(&finetune) finetune_blocks = nullptr;
  decltype(&connect) connect_ranks = nullptr;
  decltype(&ranks_from_environment) read_environment = nullptr;
  decltype(&make_torch_engine) make_engine = nullptr;
};

using EntryFunction = void (*)(Entry*);
/// The version is part of the name: raise it with every change of what passes
/// through here.
inline constexpr const char* entry_function_name = "vidclass_train_entry_v3";

}  // namespace vidclass::train
