// Where clips to extract come from, one after another.
#pragma once

#include <atomic>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "vidclass/hooks.hpp"
#include "video/clip_source.hpp"

namespace vidclass::features {

struct FedClip {
  std::size_t id = 0;  // comes back with its features; no other clip under way has it
  video::ClipSource source;
  /// Takes the place of ClipSettings::clips; 0: does not.
  int sequences = 0;
  /// Nobody wants the clip any more: it is rejected at once, or while it is decoded.
  CancellationToken cancel{};
};

/// Why a clip has no features.
struct RejectedClip {
  std::string reason;
  bool clips_fault = true;  // or else nobody wants it any more, or something else failed
};

/// next() is called from several threads.
class ClipFeed {
public:
  virtual ~ClipFeed() = default;
  /// Waits for a clip; empty once no more come.
  [[nodiscard]] virtual std::optional<FedClip> next() = 0;
  /// Nobody takes clips any more: who waits in next() is let go.
  virtual void close() noexcept {}
};

/// Those of a list, by their places in it, from place `first` around to the one before.
class ListFeed final : public ClipFeed {
public:
  ListFeed(std::span<const video::ClipSource> clips, std::size_t first, CancellationToken cancel)
      : clips_(clips), first_(first), cancel_(std::move(cancel)) {}

  std::optional<FedClip> next() override {
    const std::size_t i = next_++;
    if (i >= clips_.size()) return std::nullopt;
    const std::size_t place = (first_ + i) % clips_.size();
    return FedClip{.id = place, .source = clips_[place], .cancel = cancel_};
  }

private:
  std::span<const video::ClipSource> clips_;
  std::size_t first_;
  CancellationToken cancel_;
  std::atomic<std::size_t> next_{0};
};

}  // namespace vidclass::features
