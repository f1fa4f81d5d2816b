#include "sandbox/decoder_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/companion.hpp"
#include "core/format.hpp"
#include "core/stopwatch.hpp"
#include "sandbox/packets.hpp"
#include "sandbox/serve_jobs.hpp"
#include "vidclass/error.hpp"

namespace vidclass::sandbox {
namespace {

// A clip's own time is looked after by the decoder; this much later the decoder is given up.
constexpr double grace_seconds = 5;
constexpr double longest_start_seconds = 30;
constexpr double glance_seconds = 0.05;  // at whether the caller still wants it

[[noreturn]] void fail(const std::string& what, int code) {
  throw Error(format("decoding in a sandbox is not possible: {} ({})", what, std::strerror(code)));
}

/// What the decoder sees of the environment: no secrets of the program that starts it.
std::vector<std::string> decoder_environment() {
  std::vector<std::string> kept;
  for (const char* name : {"LD_LIBRARY_PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS"}) {
    if (const char* value = std::getenv(name)) kept.push_back(std::string(name) + "=" + value);
  }
  return kept;
}

/// What a new process does before it becomes the program.
class SpawnActions {
public:
  SpawnActions() { ::posix_spawn_file_actions_init(&actions_); }
  ~SpawnActions() { ::posix_spawn_file_actions_destroy(&actions_); }
  SpawnActions(const SpawnActions&) = delete;
  SpawnActions& operator=(const SpawnActions&) = delete;

  void open_null(int as, int mode) {
    ::posix_spawn_file_actions_addopen(&actions_, as, "/dev/null", mode, 0);
  }
  void hand_on(int descriptor, int as) {
    ::posix_spawn_file_actions_adddup2(&actions_, descriptor, as);
  }
  [[nodiscard]] const posix_spawn_file_actions_t* get() const { return &actions_; }

private:
  posix_spawn_file_actions_t actions_;
};

/// The same file under a number beyond those that the decoder has, so that none is overwritten.
int moved_up(int descriptor) {
  const int high = ::fcntl(descriptor, F_DUPFD_CLOEXEC, result_file + 1);
  const int code = errno;
  ::close(descriptor);
  if (high < 0) fail("no descriptor is left", code);
  return high;
}

}  // namespace

DecoderProcess::DecoderProcess() {
  try {
    start();
  } catch (...) {
    kill();
    throw;
  }
}
DecoderProcess::~DecoderProcess() { kill(); }

void DecoderProcess::start() {
  const std::string program = companion_library("vidclass_decoder", "VIDCLASS_DECODER").string();
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    fail("no socket", errno);
  }
  socket_ = ends[0];
  auto other = std::make_unique<video::ClipSource::OpenFile>(moved_up(ends[1]), 0, 0);
  const int file = ::memfd_create("frames", MFD_CLOEXEC);
  if (file < 0) fail("no memory file", errno);
  result_ = moved_up(file);

  SpawnActions actions;
  actions.open_null(STDIN_FILENO, O_RDONLY);
  actions.open_null(STDOUT_FILENO, O_WRONLY);
  actions.open_null(STDERR_FILENO, O_WRONLY);
  actions.hand_on(other->descriptor, job_socket);
  actions.hand_on(result_, result_file);
  const std::vector<std::string> kept = decoder_environment();
  std::vector<char*> environment;
  for (const std::string& each : kept) environment.push_back(const_cast<char*>(each.c_str()));
  environment.push_back(nullptr);
  std::array<char*, 2> arguments{const_cast<char*>(program.c_str()), nullptr};
  pid_t process = -1;
  const int code = ::posix_spawn(&process, program.c_str(), actions.get(), nullptr,
                                 arguments.data(), environment.data());
  if (code != 0) fail(program, code);
  process_ = process;
  other.reset();  // so that the decoder's end is seen as the socket's
  const auto hello = wait_readable(longest_start_seconds) ? receive_packet(socket_) : std::nullopt;
  if (!hello) throw Error(format("{} does not start", program));
  layers_ = layers_from(hello->text);
}

void DecoderProcess::kill() noexcept {
  if (process_ > 0) {
    ::kill(process_, SIGKILL);
    while (::waitpid(process_, nullptr, 0) < 0 && errno == EINTR) {
    }
    process_ = -1;
  }
  for (int* descriptor : {&socket_, &result_}) {
    if (*descriptor >= 0) ::close(*descriptor);
    *descriptor = -1;
  }
}

bool DecoderProcess::wait_readable(double seconds) const {
  pollfd waiting{socket_, POLLIN, 0};
  return ::poll(&waiting, 1, static_cast<int>(seconds * 1000)) > 0;
}

bool DecoderProcess::alive() const { return process_ > 0 && !wait_readable(0); }

std::optional<Ending> DecoderProcess::run(const Job& job, const CancellationToken& cancel) {
  if (::ftruncate(result_, 0) != 0 || ::lseek(result_, 0, SEEK_SET) != 0) {
    fail("the memory file cannot be emptied", errno);
  }
  if (!send_packet(socket_, to_text(job), job.clip.open_file()->descriptor)) return std::nullopt;
  const Stopwatch watch;
  bool called_off = false;
  while (!wait_readable(glance_seconds)) {
    if (cancel.requested() && !std::exchange(called_off, true)) {
      if (!send_packet(socket_, "stop")) return std::nullopt;
    }
    if (watch.seconds() > job.bounds.seconds + grace_seconds) {
      kill();
      return std::nullopt;
    }
  }
  const auto packet = receive_packet(socket_);
  cancel.check();
  if (!packet) return std::nullopt;
  return ending_from(packet->text);
}

Sampled DecoderProcess::take_result(const Job& job) const { return read_sampled(result_, job); }

}  // namespace vidclass::sandbox
