// Checksums of files and memory, as lower-case hexadecimal.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace vidclass {

enum class HashKind { md5, sha256 };

/// Feeds a digest bit by bit. One thread at a time.
class Hasher {
public:
  explicit Hasher(HashKind kind);
  ~Hasher();
  Hasher(Hasher&&) noexcept;
  Hasher& operator=(Hasher&&) noexcept;
  Hasher(const Hasher&) = delete;
  Hasher& operator=(const Hasher&) = delete;

  void update(std::span<const std::byte> bytes);
  void update(std::string_view text);
  /// The digest of all that was fed. The object is spent afterwards.
  [[nodiscard]] std::string finish();

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

[[nodiscard]] std::string sha256(std::string_view text);
/// Throws Error if the file cannot be read.
[[nodiscard]] std::string hash_file(HashKind kind, const std::filesystem::path& path);

}  // namespace vidclass
