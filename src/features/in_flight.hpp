// Which contents are being worked on, so that copies of a clip are computed once.
#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace vidclass::features {

/// Thread-safe.
class InFlight {
public:
  /// True: the caller works on `key` from now on, until release() or a hand_over()
  /// that finds nobody. False: somebody does already, and `clip` waits for that.
  bool claim(const std::string& key, std::size_t clip) {
    const std::lock_guard lock(mutex_);
    const auto [found, is_new] = waiting_.try_emplace(key);
    if (!is_new) found->second.push_back(clip);
    return is_new;
  }

  /// The clips that waited for `key`, which is free again.
  std::vector<std::size_t> release(const std::string& key) {
    const std::lock_guard lock(mutex_);
    const auto node = waiting_.extract(key);
    return node ? node.mapped() : std::vector<std::size_t>();
  }

  /// The caller could not do it with its own file: a waiting clip whose file it is
  /// to try next. Empty, and `key` free again, when none waits.
  std::optional<std::size_t> hand_over(const std::string& key) {
    const std::lock_guard lock(mutex_);
    const auto found = waiting_.find(key);
    if (found == waiting_.end()) return std::nullopt;
    if (found->second.empty()) {
      waiting_.erase(found);
      return std::nullopt;
    }
    const std::size_t next = found->second.back();
    found->second.pop_back();
    return next;
  }

private:
  std::mutex mutex_;
  std::map<std::string, std::vector<std::size_t>> waiting_;
};

}  // namespace vidclass::features
