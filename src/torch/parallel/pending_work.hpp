// A sum of c10d's that is under way.
#pragma once

#include <exception>
#include <string>
#include <utility>

#include <torch/torch.h>
#include <torch/csrc/distributed/c10d/ProcessGroup.hpp>

#include "core/format.hpp"
#include "torch/ranks.hpp"
#include "vidclass/error.hpp"

namespace vidclass::torch {

/// Runs what may throw exceptions of LibTorch, Gloo or NCCL, of many lines each.
template <typename Work>
auto among_ranks(const Rank& settings, const Work& work) -> decltype(work()) {
  try {
    return work();
  } catch (const std::exception& error) {
    const std::string text = error.what();
    throw Error(format(
        "rank {} of {} lost the others: one of them ended or was silent for {:.0f} s "
        "({})",
        settings.rank, settings.count, settings.timeout_seconds, text.substr(0, text.find('\n'))));
  }
}

/// `settings` must outlive it.
class PendingWork : public PendingSum {
public:
  PendingWork(const Rank& settings, c10::intrusive_ptr<c10d::Work> work)
      : settings_(settings), work_(std::move(work)) {}
  void wait() override {
    among_ranks(settings_, [&] { work_->wait(); });
  }

private:
  const Rank& settings_;
  c10::intrusive_ptr<c10d::Work> work_;
};

}  // namespace vidclass::torch
