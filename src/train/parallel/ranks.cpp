#include "vidclass/train/ranks.hpp"

#include <chrono>
#include <cmath>
#include <cstdlib>
#include <utility>

#ifdef USE_C10D_GLOO
#include <torch/torch.h>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>
#endif

#include "core/format.hpp"
#include "vidclass/core/error.hpp"

namespace vidclass::train {
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

#ifdef USE_C10D_GLOO
/// Runs what may throw LibTorch's or Gloo's exceptions, of many lines each.
template <typename Work>
auto guarded(const RankSettings& settings, const Work& work) -> decltype(work()) {
  try {
    return work();
  } catch (const std::exception& error) {
    const std::string text = error.what();
    throw Error(format(
        "rank {} of {} lost the others: one of them ended or was silent for {:.0f} s "
        "({})",
        settings.rank, settings.size, settings.timeout_seconds, text.substr(0, text.find('\n'))));
  }
}

class GlooRanks : public Ranks {
public:
  explicit GlooRanks(const RankSettings& settings) : settings_(settings) {
    const std::chrono::milliseconds timeout(std::llround(settings.timeout_seconds * 1000));
    c10d::TCPStoreOptions store_options;
    store_options.port = static_cast<std::uint16_t>(settings.port);
    store_options.isServer = settings.rank == 0;
    store_options.numWorkers = static_cast<std::size_t>(settings.size);
    store_options.timeout = timeout;
    try {
      store_ = c10::make_intrusive<c10d::TCPStore>(settings.address, store_options);
      auto options = c10d::ProcessGroupGloo::Options::create(timeout);
      options->devices.push_back(device());
      group_ = c10::make_intrusive<c10d::ProcessGroupGloo>(store_, settings.rank, settings.size,
                                                           options);
    } catch (const std::exception& error) {
      const std::string text = error.what();
      throw Error(format("rank {} of {} cannot meet the others at {} port {} ({})", settings.rank,
                         settings.size, settings.address, settings.port,
                         text.substr(0, text.find('\n'))));
    }
  }

  [[nodiscard]] int rank() const noexcept override { return settings_.rank; }
  [[nodiscard]] int size() const noexcept override { return settings_.size; }

  void wait_for_all() override {
    double nothing[] = {0};
    sum(nothing);
  }

  void sum(std::span<double> values) override {
    guarded(settings_, [&] {
      start(torch::from_blob(values.data(), {static_cast<std::int64_t>(values.size())},
                             torch::kFloat64))
          ->wait();
    });
  }

  [[nodiscard]] std::unique_ptr<PendingSum> start_sum(std::span<float> values) override {
    return guarded(settings_, [&]() -> std::unique_ptr<PendingSum> {
      return std::make_unique<Pending>(
          settings_,
          start(torch::from_blob(values.data(), {static_cast<std::int64_t>(values.size())},
                                 torch::kFloat32)));
    });
  }

private:
  using Work = c10::intrusive_ptr<c10d::Work>;

  class Pending : public PendingSum {
  public:
    Pending(const RankSettings& settings, Work work)
        : settings_(settings), work_(std::move(work)) {}
    void wait() override {
      guarded(settings_, [&] { work_->wait(); });
    }

  private:
    const RankSettings& settings_;
    Work work_;
  };

  [[nodiscard]] Work start(torch::Tensor values) {
    std::vector<torch::Tensor> list{std::move(values)};
    return group_->allreduce(list);
  }

  [[nodiscard]] std::shared_ptr<gloo::transport::Device> device() const {
    if (const char* name = std::getenv("GLOO_SOCKET_IFNAME")) {
      return c10d::ProcessGroupGloo::createDeviceForInterface(name);
    }
    // The machine's own name need not have an address.
    if (settings_.local_size == settings_.size)
      return c10d::ProcessGroupGloo::createDeviceForHostname("127.0.0.1");
    return c10d::ProcessGroupGloo::createDefaultDevice();
  }

  const RankSettings settings_;
  c10::intrusive_ptr<c10d::Store> store_;
  c10::intrusive_ptr<c10d::ProcessGroupGloo> group_;
};
#endif

}  // namespace

std::unique_ptr<Ranks> connect(const RankSettings& settings) {
  if (settings.size == 1) return std::make_unique<Alone>();
#ifdef USE_C10D_GLOO
  return std::make_unique<GlooRanks>(settings);
#else
  throw Error(
      "this vidclass was built without Gloo (libgloo-dev), so it trains in one process only");
#endif
}

}  // namespace vidclass::train
