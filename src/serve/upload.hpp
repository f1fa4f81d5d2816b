// What a client sends, on disk under no name.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace vidclass::serve {

/// The bytes of all uploads that are kept. Thread-safe.
class UploadBudget {
public:
  explicit UploadBudget(std::uint64_t most) : most_(most) {}
  [[nodiscard]] bool take(std::uint64_t bytes) noexcept;
  void give_back(std::uint64_t bytes) noexcept { used_ -= bytes; }
  [[nodiscard]] std::uint64_t used() const noexcept { return used_; }

private:
  const std::uint64_t most_;
  std::atomic<std::uint64_t> used_{0};
};

/// A file in the folder for temporary files ($TMPDIR, or /tmp) that has no name there, so that
/// nothing is left of it whatever happens. One thread at a time.
class Upload {
public:
  /// `budget` must outlive it. Throws Error.
  explicit Upload(UploadBudget& budget);
  ~Upload();
  Upload(const Upload&) = delete;
  Upload& operator=(const Upload&) = delete;

  enum class Kept { yes, over_budget, disk_full };
  [[nodiscard]] Kept append(std::span<const char> bytes);
  [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
  [[nodiscard]] int descriptor() const noexcept { return descriptor_; }
  /// `count` bytes from `offset` on. Throws Error where there are less.
  [[nodiscard]] std::string text(std::uint64_t offset, std::uint64_t count) const;

private:
  UploadBudget& budget_;
  int descriptor_ = -1;
  std::uint64_t size_ = 0;
};

}  // namespace vidclass::serve
