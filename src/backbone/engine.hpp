// What runs the batches of a network: OpenVINO, or another library.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <vector>

namespace vidclass::backbone {

class PreparedBackbone;
enum class Load;

/// One batch of frames: filled, run, read, filled again. Every member throws Error where the
/// library behind it fails. One thread at a time.
class Request {
public:
  virtual ~Request() = default;

  /// Memory for a whole batch of B frames, to be filled before start(): "frames", uint8
  /// [B, size, size, 3], and for a network with motion "motion_map", float32 [B, g, g] (see
  /// Backbone).
  [[nodiscard]] virtual std::span<std::byte> input(const char* name) = 0;
  /// Only the first `frames` of the batch were filled. Returns before their features are there.
  virtual void start(std::size_t frames) = 0;
  [[nodiscard]] virtual bool done() = 0;
  /// Returns when the features are there. Allowed again after that.
  virtual void wait() = 0;
  /// Of the whole batch, float32 [B, D or M] by the names of `poolings`, and what else the network
  /// was compiled for; unspecified beyond the frames that were filled. Until the next start().
  [[nodiscard]] virtual std::span<const float> output(const char* name) = 0;
};

/// A network that is ready to run.
class Engine {
public:
  virtual ~Engine() = default;

  /// B, the frames of a batch.
  [[nodiscard]] virtual std::size_t batch() const noexcept = 0;
  /// As many as keep the device busy, and one to be filled meanwhile. They must not outlive the
  /// engine.
  [[nodiscard]] virtual std::vector<std::unique_ptr<Request>> requests() = 0;
};

/// Throws UsageError for a network that the library does not run, Error.
using MakeEngine =
    std::function<std::unique_ptr<Engine>(const PreparedBackbone& network, Load load)>;

}  // namespace vidclass::backbone
