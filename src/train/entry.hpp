// The one symbol that a program looks up in the training library.
#pragma once

#include "vidclass/train/train.hpp"

namespace vidclass::train {

using EntryFunction = decltype (&train_heads) (*)();
/// The version is part of the name: raise it with every change of train.hpp.
inline constexpr const char* entry_function_name = "vidclass_train_entry_v1";

}  // namespace vidclass::train
