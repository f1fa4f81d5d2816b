// One running vidclass_decoder.
#pragma once

#include <sys/types.h>

#include <optional>

#include "sandbox/confine.hpp"
#include "sandbox/messages.hpp"
#include "vidclass/hooks.hpp"

namespace vidclass::sandbox {

/// One thread at a time.
class DecoderProcess {
public:
  /// Starts the program. Throws Error.
  DecoderProcess();
  /// Ends it.
  ~DecoderProcess();
  DecoderProcess(const DecoderProcess&) = delete;
  DecoderProcess& operator=(const DecoderProcess&) = delete;

  [[nodiscard]] const Layers& layers() const noexcept { return layers_; }
  /// Is it there to take a job?
  [[nodiscard]] bool alive() const;
  /// Has a process decode `job.clip`, an open file, and waits for its end; empty if the decoder
  /// itself ended or hangs, which is then of no more use. Throws Cancelled.
  [[nodiscard]] std::optional<Ending> run(const Job& job, const CancellationToken& cancel);
  /// What that process left. Throws Error.
  [[nodiscard]] Sampled take_result(const Job& job) const;

private:
  void start();
  void kill() noexcept;
  /// Waits until something can be read; false at the end of `seconds`.
  [[nodiscard]] bool wait_readable(double seconds) const;

  pid_t process_ = -1;
  int socket_ = -1;
  int result_ = -1;
  Layers layers_;
};

}  // namespace vidclass::sandbox
