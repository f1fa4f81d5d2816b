// What of a clip is kept to recognise copies of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "vidclass/hooks.hpp"
#include "video/clip_source.hpp"
#include "video/thumbnails.hpp"

namespace vidclass::dataset {

/// Pixels of a fingerprint's frame: 16 x 16 grey.
inline constexpr std::size_t fingerprint_side = 16;
inline constexpr std::size_t fingerprint_pixels = fingerprint_side * fingerprint_side;

/// Seconds of a clip that a fingerprint holds at most.
inline constexpr double fingerprint_length = 600;

/// The clip's frames, at most 32 a second.
struct Fingerprint {
  std::vector<std::uint8_t> pictures;  // fingerprint_pixels a frame
  std::vector<float> times;            // seconds after the clip's first frame, ascending

  [[nodiscard]] std::size_t frames() const noexcept { return times.size(); }
  [[nodiscard]] std::span<const std::uint8_t> picture(std::size_t frame) const {
    return std::span(pictures).subspan(frame * fingerprint_pixels, fingerprint_pixels);
  }
};

/// As much of `thumbnails` as a fingerprint holds; these may go on for longer.
[[nodiscard]] Fingerprint fingerprint_from(const video::Thumbnails& thumbnails);
/// Decodes the clip. Throws ClipError and Cancelled.
[[nodiscard]] Fingerprint fingerprint_of(const video::ClipSource& clip,
                                         const CancellationToken& cancel = {},
                                         const video::Limits& limits = {});

/// A file of FingerprintStore. Throws Error with what is wrong with it.
[[nodiscard]] Fingerprint read_fingerprint(const std::filesystem::path& path);

/// The sub-folder of a cache in which fingerprints lie.
inline constexpr const char* fingerprint_folder = "fingerprints";

/// Fingerprints on disk, by content: DIR/ab/abcd....safetensors. Several threads and
/// processes may use one folder at the same time.
class FingerprintStore {
public:
  /// The folder is made when the first fingerprint is stored.
  explicit FingerprintStore(std::filesystem::path dir) : dir_(std::move(dir)) {}

  /// `content` names what the clip shows: a checksum, and a span of time if it has one.
  /// Empty when there is none; one that is damaged or of another version counts as none.
  [[nodiscard]] std::optional<Fingerprint> find(const std::string& content) const;
  [[nodiscard]] bool has(const std::string& content) const;
  /// The one that is there, else the clip is decoded, which shows `content`, and it is stored.
  /// Throws ClipError, Error and Cancelled.
  [[nodiscard]] Fingerprint obtain(const std::string& content, const video::ClipSource& clip,
                                   const CancellationToken& cancel,
                                   const video::Limits& limits) const;
  /// Throws Error.
  void store(const std::string& content, const Fingerprint& fingerprint) const;

private:
  [[nodiscard]] std::filesystem::path path_of(const std::string& content) const;

  std::filesystem::path dir_;
};

}  // namespace vidclass::dataset
