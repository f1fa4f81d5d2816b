// What a program looks up in the training library for fine-tuning.
#pragma once

#include "vidclass/train/finetune.hpp"
#include "vidclass/train/ranks.hpp"

namespace vidclass::train {

struct FinetuneEntry {
  decltype(&finetune) finetune_blocks;
  decltype(&connect) connect_ranks;
  decltype(&ranks_from_environment) read_environment;
};

using FinetuneEntryFunction = void (*)(FinetuneEntry*);
/// The version is part of the name: raise it with every change of what the entry holds.
inline constexpr const char* finetune_entry_name = "vidclass_finetune_entry_v2";

}  // namespace vidclass::train
