// What a program looks up in libvidclass_torch.
#pragma once

#include "torch/finetune.hpp"
#include "torch/ranks.hpp"
#include "torch/script.hpp"
#include "torch/torch_engine.hpp"

namespace vidclass::torch {

struct Entry {
  decltype(&finetune) finetune_blocks = nullptr;
  decltype(&connect) connect_ranks = nullptr;
  decltype(&make_torch_engine) make_engine = nullptr;
  decltype(&torch::save_script) save_script = nullptr;
  decltype(&torch::open_script) open_script = nullptr;
};

using EntryFunction = void (*)(Entry*);
/// The version is part of the name: raise it with every change of what passes
/// through here.
inline constexpr const char* entry_function_name = "vidclass_torch_entry_v7";

}  // namespace vidclass::torch
