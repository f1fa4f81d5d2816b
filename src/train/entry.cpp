#include "train/entry.hpp"

#include "train/torch_learner.hpp"

extern "C" vidclass::train::MakeLearner* vidclass_train_entry_v2() {
  return &vidclass::train::make_torch_learner;
}
