#include "torch/ranks.hpp"

#ifdef USE_C10D_GLOO
#include "torch/parallel/gloo_ranks.hpp"
#endif
#include "vidclass/error.hpp"

namespace vidclass::torch {
namespace {

/// One process: nobody to wait for.
class Alone : public Ranks {
public:
  [[nodiscard]] int rank() const noexcept override { return 0; }
  [[nodiscard]] int size() const noexcept override { return 1; }
  void wait_for_all() override {}
  void sum(std::span<double>) override {}
  [[nodiscard]] std::unique_ptr<PendingSum> start_sum(std::span<float>) override {
    class Done : public PendingSum {
      void wait() override {}
    };
    return std::make_unique<Done>();
  }
};

}  // namespace

std::unique_ptr<Ranks> connect(const Rank& rank) {
  if (rank.count == 1) return std::make_unique<Alone>();
  if (rank.address.empty()) {
    throw UsageError(
        "the ranks may run on several machines: set MASTER_ADDR to the address of rank 0");
  }
#ifdef USE_C10D_GLOO
  return std::make_unique<GlooRanks>(rank);
#else
  throw Error(
      "this vidclass was built without Gloo (libgloo-dev), so it trains in one process only");
#endif
}

}  // namespace vidclass::torch
