// What a server answers: the API by paths, apart from how requests travel.
#pragma once

#include <functional>
#include <memory>
#include <variant>

#include "sandbox/sandbox.hpp"
#include "serve/http.hpp"
#include "serve/metrics.hpp"
#include "serve/models.hpp"
#include "serve/options.hpp"
#include "vidclass/hooks.hpp"

namespace vidclass::serve {

/// Members may be called from one thread at a time, but for those that say otherwise.
class Api {
public:
  /// Reads and compiles the models. Throws UsageError, Error, Cancelled.
  Api(const ServeOptions& options, const Hooks& hooks);
  /// Waits for what is under way.
  ~Api();
  Api(const Api&) = delete;
  Api& operator=(const Api&) = delete;

  /// Of a request whose header came: a response at once, which needs no body, or how many bytes of
  /// a body are taken (0: there must be none).
  [[nodiscard]] std::variant<Response, std::uint64_t> admit(const Request& request);
  /// `respond` is called once, at once or later and then from another thread. `cancel`: whoever
  /// asked has gone.
  void handle(const Request& request, const CancellationToken& cancel,
              std::function<void(Response)> respond);

  [[nodiscard]] UploadBudget& uploads() noexcept;
  [[nodiscard]] Metrics& metrics() noexcept;
  /// Null where decoding is not sandboxed.
  [[nodiscard]] const sandbox::Sandbox* sandbox() const noexcept;
  /// From now on it is not ready, and takes no new clips.
  void refuse_more() noexcept;
  /// Clips under way or waiting. From any thread.
  [[nodiscard]] std::size_t under_way() const noexcept;
  /// Asks jobs that are under way to stop. From any thread.
  void stop_jobs();
  /// Reads the models anew; requests go to the old ones until the new ones are ready. The old ones
  /// stay where that fails, which the log tells. Takes as long as that; from any thread.
  void reload();

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace vidclass::serve
