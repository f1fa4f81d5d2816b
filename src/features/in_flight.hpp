// Which contents are being worked on, so that copies of a clip are computed once.
#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace vidclass::features {

/// Of clips, or of what stands for them. Thread-safe.
template <typename Clip = std::size_t>
class InFlight {
public:
  /// True: the caller works on `key` from now on, until release() or a hand_over()
  /// that finds nobody. False: somebody does already, and `clip` waits for that.
  bool claim(const std::string& key, Clip clip) {
    const std::lock_guard lock(mutex_);
    const auto [found, is_new] = waiting_.try_emplace(key);
    if (!is_new) found->second.push_back(std::move(clip));
    return is_new;
  }

  /// The clips that waited for `key`, which is free again.
  std::vector<Clip> release(const std::string& key) {
    const std::lock_guard lock(mutex_);
    const auto node = waiting_.extract(key);
    return node ? node.mapped() : std::vector<Clip>();
  }

  /// The caller could not do it with its own file: a waiting clip whose file it is
  /// to try next. Empty, and `key` free again, when none waits.
  std::optional<Clip> hand_over(const std::string& key) {
    const std::lock_guard lock(mutex_);
    const auto found = waiting_.find(key);
    if (found == waiting_.end()) return std::nullopt;
    if (found->second.empty()) {
      waiting_.erase(found);
      return std::nullopt;
    }
    Clip next = std::move(found->second.back());
    found->second.pop_back();
    return next;
  }

private:
  std::mutex mutex_;
  std::map<std::string, std::vector<Clip>> waiting_;
};

}  // namespace vidclass::features
