#include "torch/entry.hpp"

#include "torch/torch_learner.hpp"
#include "vidclass/export.hpp"

extern "C" VIDCLASS_EXPORT void vidclass_torch_entry_v4(vidclass::torch::Entry* entry) {
  using namespace vidclass::torch;
  *entry = {&make_torch_learner, &finetune, &connect, &ranks_from_environment, &make_torch_engine};
}
