#ifdef USE_C10D_GLOO
#include "torch/parallel/gloo_ranks.hpp"

#include <pthread.h>

#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdlib>
#include <utility>
#include <vector>

#include "core/format.hpp"
#include "torch/parallel/pending_work.hpp"
#include "vidclass/error.hpp"

namespace vidclass::torch {
namespace {

/// Threads started while it lives never get SIGPIPE. Gloo writes to its sockets without
/// MSG_NOSIGNAL, so a rank that is lost would end the whole process instead of giving an error.
class ThreadsWithoutPipeSignal {
public:
  ThreadsWithoutPipeSignal() {
    sigset_t pipe;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe, &before_);
  }
  ~ThreadsWithoutPipeSignal() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  ThreadsWithoutPipeSignal(const ThreadsWithoutPipeSignal&) = delete;
  ThreadsWithoutPipeSignal& operator=(const ThreadsWithoutPipeSignal&) = delete;

private:
  sigset_t before_;
};

/// LibTorch from 2.4 on would use libuv, which Debian builds it without.
void choose_sockets(auto& options) {
  if constexpr (requires { options.useLibUV; }) options.useLibUV = false;
}

}  // namespace

GlooRanks::GlooRanks(const Rank& settings) : settings_(settings) {
  const std::chrono::milliseconds timeout(std::llround(settings.timeout_seconds * 1000));
  c10d::TCPStoreOptions store_options;
  store_options.port = static_cast<std::uint16_t>(settings.port);
  store_options.isServer = settings.rank == 0;
  store_options.numWorkers = static_cast<std::size_t>(settings.count);
  store_options.timeout = timeout;
  choose_sockets(store_options);
  const ThreadsWithoutPipeSignal here;
  try {
    store_ = c10::make_intrusive<c10d::TCPStore>(settings.address, store_options);
    auto options = c10d::ProcessGroupGloo::Options::create(timeout);
    options->devices.push_back(device());
    group_ =
        c10::make_intrusive<c10d::ProcessGroupGloo>(store_, settings.rank, settings.count, options);
  } catch (const std::exception& error) {
    const std::string text = error.what();
    throw Error(format("rank {} of {} cannot meet the others at {} port {} ({})", settings.rank,
                       settings.count, settings.address, settings.port,
                       text.substr(0, text.find('\n'))));
  }
}

void GlooRanks::wait_for_all() {
  double nothing[] = {0};
  sum(nothing);
}

void GlooRanks::sum(std::span<double> values) {
  among_ranks(settings_, [&] {
    start(::torch::from_blob(values.data(), {static_cast<std::int64_t>(values.size())},
                             ::torch::kFloat64))
        ->wait();
  });
}

std::unique_ptr<PendingSum> GlooRanks::start_sum(std::span<float> values) {
  return among_ranks(settings_, [&]() -> std::unique_ptr<PendingSum> {
    return std::make_unique<PendingWork>(
        settings_,
        start(::torch::from_blob(values.data(), {static_cast<std::int64_t>(values.size())},
                                 ::torch::kFloat32)));
  });
}

GlooRanks::Work GlooRanks::start(::torch::Tensor values) {
  std::vector<::torch::Tensor> list{std::move(values)};
  return group_->allreduce(list);
}

std::shared_ptr<gloo::transport::Device> GlooRanks::device() const {
  if (const char* name = std::getenv("GLOO_SOCKET_IFNAME")) {
    return c10d::ProcessGroupGloo::createDeviceForInterface(name);
  }
  // The machine's own name need not have an address.
  if (settings_.local_count == settings_.count)
    return c10d::ProcessGroupGloo::createDeviceForHostname("127.0.0.1");
  return c10d::ProcessGroupGloo::createDefaultDevice();
}

}  // namespace vidclass::torch
#endif
