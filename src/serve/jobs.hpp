// Clips that are asked about now and answered later.
#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "core/json.hpp"
#include "vidclass/hooks.hpp"

namespace vidclass::serve {

/// Thread-safe.
class Job {
public:
  Job(std::string id, std::string model) : id_(std::move(id)), model_(std::move(model)) {}

  [[nodiscard]] const std::string& id() const noexcept { return id_; }
  [[nodiscard]] const CancellationToken& cancel() const noexcept { return cancel_; }
  /// "running", "done", "failed" or "cancelled".
  [[nodiscard]] bool ended() const;
  void end(const std::string& state, Json result, const std::string& error);
  /// Another one of its stages: "waiting", "decoding", "classifying".
  void reach(const std::string& stage);
  /// {id, model, state, stage, result?, error?}
  [[nodiscard]] Json document() const;
  /// Grows with each change of the document.
  [[nodiscard]] std::size_t version() const;

private:
  const std::string id_;
  const std::string model_;
  const CancellationToken cancel_;
  mutable std::mutex mutex_;
  std::string state_ = "running";
  std::string stage_ = "waiting";
  std::string error_;
  Json result_;
  std::size_t version_ = 1;
};

/// The jobs that are remembered: all that run, and the last ones that ended. Thread-safe.
class Jobs {
public:
  explicit Jobs(std::size_t most) : most_(most) {}

  /// With an id that cannot be guessed; null where too many run.
  [[nodiscard]] std::shared_ptr<Job> add(const std::string& model);
  [[nodiscard]] std::shared_ptr<Job> find(const std::string& id) const;
  /// Asks the job to stop and forgets it; false where there is none.
  bool remove(const std::string& id);
  void stop_all();

private:
  /// Room for another one, if need be that of the oldest that ended.
  [[nodiscard]] bool make_room();

  const std::size_t most_;
  mutable std::mutex mutex_;
  std::map<std::string, std::shared_ptr<Job>> jobs_;
  std::deque<std::string> by_age_;
};

}  // namespace vidclass::serve
