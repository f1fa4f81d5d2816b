// The same work for many items, on several threads.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "core/progress.hpp"
#include "vidclass/hooks.hpp"

namespace vidclass {

/// What a number of threads means wherever one can be asked for: itself, or one a
/// CPU if it is 0 or less.
[[nodiscard]] int thread_count(int wanted) noexcept;

/// Calls `work(i)` for every i in [0, count), on `threads` threads (at least one,
/// the caller's among them), in no certain order, and reports each that is done
/// under the name `stage`. The first exception, of `work`, of `progress` or of a
/// cancellation, ends it all and is thrown on.
void for_each_index(std::size_t count, int threads, const std::function<void(std::size_t)>& work,
                    const std::string& stage = {}, const ProgressFunction& progress = {},
                    const CancellationToken& cancel = {});

}  // namespace vidclass
