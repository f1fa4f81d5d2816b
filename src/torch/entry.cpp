#include "torch/entry.hpp"

#include "torch/torch_learner.hpp"
#include "vidclass/export.hpp"

extern "C" VIDCLASS_EXPORT void vidclass_torch_entry_v6(vidclass::torch::Entry* entry) {
  using namespace vidclass::torch;
  *entry = {&make_torch_learner, &finetune,    &connect,
            &make_torch_engine,  &save_script, &open_script};
}
