#include "sandbox/serve_jobs.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <exception>
#include <new>
#include <optional>

#include "core/format.hpp"
#include "sandbox/confine.hpp"
#include "sandbox/messages.hpp"
#include "sandbox/packets.hpp"
#include "vidclass/error.hpp"

namespace vidclass::sandbox {
namespace {

enum ClipStatus : int { clip_done = 0, clip_failed = 1, clip_unconfined = 2 };

Sampled sample_or_reason(const Job& job) {
  try {
    return video::sample_clip(job.clip, job.settings, {}, job.limits, job.parts);
  } catch (const ClipError& error) {
    return Failure{error.reason()};
  } catch (const UsageError& error) {
    return Failure{error.what(), true};
  } catch (const std::bad_alloc&) {
    return Failure{format("decoding it takes more than {} MiB of memory", job.bounds.memory >> 20)};
  } catch (const std::exception& error) {
    return Failure{error.what()};
  }
}

/// The life of a clip's process.
[[noreturn]] void decode_and_end(const Job& job, const CallFilter& filter) {
  ::close(job_socket);
  if (!confine(job.bounds, filter)) ::_exit(clip_unconfined);
  try {
    write_sampled(result_file, sample_or_reason(job));
    ::_exit(clip_done);
  } catch (const std::exception&) {
    ::_exit(clip_failed);
  }
}

/// Waits for the process's end, which closes `alive`, or ends it: at its time, or when a message
/// comes, which can only be that nobody wants it any more.
Ending watch(pid_t process, int alive, double seconds) {
  using Clock = std::chrono::steady_clock;
  const auto end = Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                      std::chrono::duration<double>(seconds));
  Ending ending;
  bool killed = false;
  while (true) {
    pollfd waiting[] = {{alive, POLLIN, 0}, {job_socket, POLLIN, 0}};
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now()).count();
    const int wait = killed ? -1 : static_cast<int>(std::clamp<long>(left, 0, 60'000));
    const int events = ::poll(waiting, killed ? 1 : 2, wait);
    if (events < 0 && errno == EINTR) continue;
    if (events > 0 && waiting[0].revents != 0) break;
    const bool message = events > 0 && waiting[1].revents != 0;
    if (!message && Clock::now() < end) continue;
    ending.timed_out = !message;
    killed = true;
    ::kill(process, SIGKILL);
  }
  int status = 0;
  while (::waitpid(process, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status)) ending.exit_status = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) ending.signal = WTERMSIG(status);
  return ending;
}

/// Empty where no process could be started.
std::optional<Ending> run_job(const Job& job, const CallFilter& filter) {
  int alive[2];
  if (::pipe2(alive, O_CLOEXEC) != 0) return std::nullopt;
  const pid_t parent = ::getpid();
  const pid_t process = ::fork();
  if (process == 0) {
    ::close(alive[0]);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(clip_failed);
    decode_and_end(job, filter);
  }
  ::close(alive[1]);
  std::optional<Ending> ending;
  if (process > 0) ending = watch(process, alive[0], job.bounds.seconds);
  ::close(alive[0]);
  return ending;
}

}  // namespace

int serve_jobs() {
  // Meant for the program that started this one, which may still have work for it.
  std::signal(SIGINT, SIG_IGN);
  std::signal(SIGTERM, SIG_IGN);
  std::signal(SIGPIPE, SIG_IGN);
  Layers layers = give_up_files();
  const CallFilter filter;
  layers.seccomp = filter.ready();
  if (!send_packet(job_socket, to_text(layers))) return 1;
  while (const auto packet = receive_packet(job_socket)) {
    if (packet->file < 0) continue;  // a job that is over was called off
    std::optional<Ending> ending;
    {
      const video::ClipSource::OpenFile file(packet->file, 0, 0);
      ending = run_job(job_from(packet->text, packet->file), filter);
    }
    if (!send_packet(job_socket, to_text(ending.value_or(Ending{})))) return 1;
  }
  return 0;
}

}  // namespace vidclass::sandbox
