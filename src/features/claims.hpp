// Which entries of a cache some process is computing right now.
#pragma once

#include <filesystem>
#include <mutex>
#include <string>
#include <utility>

namespace vidclass::features {

/// Locks on DIR/claims.lock, one byte of it for each entry, its place made from the
/// key. The system drops them when the process ends in whatever way, so that nothing
/// is left behind for others to wait for. They are for the processes of one machine:
/// of the file systems that several share, many grant every machine every lock
/// (core/file_system.hpp), and some have none. Every claim then succeeds: work may be done twice,
/// never wrongly. Thread-safe; claims of one object do not exclude each other.
class Claims {
public:
  /// Makes nothing yet. A folder that cannot be written to counts as one without locks.
  explicit Claims(std::filesystem::path dir) : dir_(std::move(dir)) {}
  ~Claims();
  Claims(const Claims&) = delete;
  Claims& operator=(const Claims&) = delete;

  /// False: another process has it. Does not wait.
  [[nodiscard]] bool take(const std::string& key) const noexcept;
  void release(const std::string& key) const noexcept;

private:
  [[nodiscard]] int file() const noexcept;

  std::filesystem::path dir_;
  mutable std::once_flag opened_;
  mutable int file_ = -1;
};

}  // namespace vidclass::features
