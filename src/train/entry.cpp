#include "train/entry.hpp"

extern "C" decltype(&vidclass::train::train_heads) vidclass_train_entry_v1() {
  return &vidclass::train::train_heads;
}
