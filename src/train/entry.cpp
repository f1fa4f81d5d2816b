#include "train/entry.hpp"

#include "train/torch_learner.hpp"

extern "C" void vidclass_train_entry_v3(vidclass::train::Entry* entry) {
  using namespace vidclass::train;
  *entry = {&make_torch_learner, &finetune, &connect, &ranks_from_environment, &make_torch_engine};
}
