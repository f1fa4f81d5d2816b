// Reaching the training library, which is loaded only for what needs LibTorch.
#pragma once

#include "train/finetune_entry.hpp"
#include "vidclass/learn/learner.hpp"

namespace vidclass::cli {

/// How heads of a kind get their gradients. For `gru` this loads libvidclass_train
/// from beside the program, which takes 0.4 s; throws Error saying what to do where it
/// is missing or its libraries are.
[[nodiscard]] learn::LearnerFactory learner_factory(head::HeadKind kind);

/// Fine-tuning, from the same library. Throws as above.
[[nodiscard]] const train::FinetuneEntry& finetuning();

}  // namespace vidclass::cli
