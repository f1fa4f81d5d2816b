// HTTP/1.1 on a socket: connections, deadlines and bodies. One thread does all of it; clips are
// worked on elsewhere.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "serve/api.hpp"
#include "serve/options.hpp"
#include "vidclass/hooks.hpp"

namespace vidclass::serve {

class HttpServer {
public:
  /// Listens from now on. `api` must outlive it. Throws UsageError for an address that is none,
  /// Error for one that cannot be listened on.
  HttpServer(const ServeOptions& options, Api& api);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  /// "http://127.0.0.1:8080"
  [[nodiscard]] const std::string& url() const noexcept;
  /// Serves until `stop` is requested; then takes no more, finishes what is under way, for
  /// ServeOptions::drain_seconds at most, and returns. SIGHUP reads the models anew meanwhile.
  void run(const CancellationToken& stop);

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace vidclass::serve
