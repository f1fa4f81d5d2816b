#include "torch/entry.hpp"

#include "vidclass/export.hpp"

extern "C" VIDCLASS_EXPORT void vidclass_torch_entry_v7(vidclass::torch::Entry* entry) {
  using namespace vidclass::torch;
  *entry = {&finetune, &connect, &make_torch_engine, &save_script, &open_script};
}
