#include "train/finetune_entry.hpp"

extern "C" void vidclass_finetune_entry_v2(vidclass::train::FinetuneEntry* entry) {
  *entry = {&vidclass::train::finetune, &vidclass::train::connect,
            &vidclass::train::ranks_from_environment};
}
