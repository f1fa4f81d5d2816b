// Models at work: clips in from many requests, answers out.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "classify/classifier.hpp"
#include "serve/metrics.hpp"
#include "serve/options.hpp"
#include "vidclass/hooks.hpp"
#include "video/clip_source.hpp"

namespace vidclass::serve {

struct Answer {
  enum class Outcome { known, unusable, stopped, failed };
  Outcome outcome = Outcome::failed;
  classify::ClipResult result;  // its error where the outcome is not `known`
};
[[nodiscard]] const char* name_of(Answer::Outcome outcome) noexcept;

/// What is to be known of one clip.
struct Question {
  video::ClipSource clip;
  int sequences = 0;    // taken from it and averaged; 0: one
  bool follow = false;  // also what is said after each frame
  CancellationToken cancel{};
  /// It left the queue, and its features are there; from any thread. May be empty.
  std::function<void()> started{};
  std::function<void()> decoded{};
  /// Called once, from any thread, and must not take long.
  std::function<void(Answer)> answered{};
};

/// Thread-safe.
class ServedModel {
public:
  virtual ~ServedModel() = default;
  [[nodiscard]] virtual const std::string& name() const noexcept = 0;
  [[nodiscard]] virtual const model::Model& model() const noexcept = 0;
  /// False once its network has failed.
  [[nodiscard]] virtual bool usable() const noexcept = 0;
  virtual void ask(Question question) = 0;
};

/// Those of one reading of the files. Models that need the same features share their decoders,
/// their network and its batches. A set goes when the last of its models is let go and has
/// answered.
class ModelSet {
public:
  /// Reads and compiles. Models whose features those of `before` compute share its network, too.
  /// Throws UsageError, Error, Cancelled.
  ModelSet(const ServeOptions& options, const video::Sampler& sampler, Metrics& metrics,
           const Hooks& hooks, const ModelSet* before = nullptr);
  ~ModelSet();
  ModelSet(const ModelSet&) = delete;
  ModelSet& operator=(const ModelSet&) = delete;

  [[nodiscard]] const std::vector<std::shared_ptr<ServedModel>>& models() const noexcept;
  /// The first one for an empty name; null for one that is not there.
  [[nodiscard]] std::shared_ptr<ServedModel> find(const std::string& name) const;

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace vidclass::serve
