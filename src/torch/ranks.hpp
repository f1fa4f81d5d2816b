// Several processes that train one model together.
#pragma once

#include <memory>
#include <span>

#include "core/launcher.hpp"

namespace vidclass::torch {

/// A sum over all ranks that is under way. Must not outlive its Ranks.
class PendingSum {
public:
  virtual ~PendingSum() = default;
  /// Returns when the values are the sums. Throws as Ranks does.
  virtual void wait() = 0;
};

/// The connection to the others. Every member must be called by all ranks in the same
/// order; each throws Error in one line when a rank is gone or silent for too long. One
/// thread at a time.
class Ranks {
public:
  virtual ~Ranks() = default;

  [[nodiscard]] virtual int rank() const noexcept = 0;
  [[nodiscard]] virtual int size() const noexcept = 0;
  /// Returns when all ranks have come here.
  virtual void wait_for_all() = 0;
  /// Replaces the values by their sums over all ranks.
  virtual void sum(std::span<double> values) = 0;
  /// The same, while this rank goes on; the values must not be touched until then.
  [[nodiscard]] virtual std::unique_ptr<PendingSum> start_sum(std::span<float> values) = 0;

  [[nodiscard]] bool first() const noexcept { return rank() == 0; }
};

/// Waits until all ranks are there. One alone needs no network. Throws Error; UsageError where it
/// is not known at which address they meet.
[[nodiscard]] std::unique_ptr<Ranks> connect(const Rank& rank);

}  // namespace vidclass::torch
