// Several processes that reach each other by Gloo.
#pragma once

#include <memory>

#include <torch/torch.h>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>

#include "torch/ranks.hpp"

namespace vidclass::torch {

class GlooRanks : public Ranks {
public:
  /// Waits until all ranks are there. Throws Error.
  explicit GlooRanks(const Rank& settings);

  [[nodiscard]] int rank() const noexcept override { return settings_.rank; }
  [[nodiscard]] int size() const noexcept override { return settings_.count; }
  void wait_for_all() override;
  void sum(std::span<double> values) override;
  [[nodiscard]] std::unique_ptr<PendingSum> start_sum(std::span<float> values) override;

  [[nodiscard]] const Rank& settings() const noexcept { return settings_; }
  /// What all ranks can write to and read from.
  [[nodiscard]] const c10::intrusive_ptr<c10d::Store>& store() const noexcept { return store_; }

private:
  using Work = c10::intrusive_ptr<c10d::Work>;

  [[nodiscard]] Work start(::torch::Tensor values);
  [[nodiscard]] std::shared_ptr<gloo::transport::Device> device() const;

  const Rank settings_;
  c10::intrusive_ptr<c10d::Store> store_;
  c10::intrusive_ptr<c10d::ProcessGroupGloo> group_;
};

}  // namespace vidclass::torch
