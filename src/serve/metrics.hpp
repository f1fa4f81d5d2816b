// What a server counts, as Prometheus reads it.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "sandbox/sandbox.hpp"

namespace vidclass::serve {

/// Names and units are in docs/serve.md. Thread-safe.
class Metrics {
public:
  Metrics();
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  /// A clip that a request or a job asked about: "ok", "unusable", "stopped", "failed".
  void clip_answered(const std::string& model, const std::string& outcome, double seconds);
  /// A response went out.
  void responded(int status);
  void refused_queue_full();
  void clip_decoded(double seconds);
  /// Clips whose probabilities were computed in one go.
  void answered_together(std::size_t clips);
  void set_connections(std::size_t open);
  void set_queue(std::size_t clips);
  void set_upload_bytes(std::size_t bytes);

  /// In Prometheus's text format, version 0.0.4. `sandbox`: null where there is none.
  [[nodiscard]] std::string text(const sandbox::Sandbox* sandbox);

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace vidclass::serve
