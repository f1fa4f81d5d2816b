#include "core/parallel.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace vidclass {

int thread_count(int wanted) noexcept {
  return wanted > 0 ? wanted : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
}

void for_each_index(std::size_t count, int threads, const std::function<void(std::size_t)>& work,
                    const std::string& stage, const ProgressFunction& progress,
                    const CancellationToken& cancel) {
  std::atomic<std::size_t> next{0};
  std::mutex mutex;
  std::size_t done = 0;
  std::exception_ptr failure;

  const auto run = [&] {
    try {
      for (std::size_t i = next++; i < count; i = next++) {
        cancel.check();
        work(i);
        const std::lock_guard lock(mutex);
        if (failure) return;
        ++done;
        if (progress) progress({stage, done, count, ""});
      }
    } catch (...) {
      next = count;
      const std::lock_guard lock(mutex);
      if (!failure) failure = std::current_exception();
    }
  };

  {
    const std::size_t wanted = std::min(static_cast<std::size_t>(std::max(threads, 1)), count);
    std::vector<std::jthread> helpers;
    for (std::size_t i = 1; i < wanted; ++i) helpers.emplace_back(run);
    run();
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace vidclass
