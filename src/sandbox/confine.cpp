#include "sandbox/confine.hpp"

#include <linux/landlock.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <csignal>
#include <cstdio>

#include "core/format.hpp"

namespace vidclass::sandbox {
namespace {

#if defined(__SANITIZE_ADDRESS__)
// Its shadow takes terabytes of address space, and its reports need further calls.
constexpr bool under_sanitizer = true;
#else
constexpr bool under_sanitizer = false;
#endif

/// Every right to files that the kernel knows is asked for, and no rule gives one back.
int restrict_files() {
  const auto version =
      ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
  if (version < 1) return 0;
  landlock_ruleset_attr rights{};
  rights.handled_access_fs = LANDLOCK_ACCESS_FS_MAKE_SYM * 2 - 1;        // the 13 of version 1
  if (version >= 2) rights.handled_access_fs |= std::uint64_t{1} << 13;  // linking elsewhere
  if (version >= 3) rights.handled_access_fs |= std::uint64_t{1} << 14;  // truncating
  const auto rules = ::syscall(SYS_landlock_create_ruleset, &rights, sizeof rights, 0);
  if (rules < 0) return 0;
  const bool done = ::syscall(SYS_landlock_restrict_self, rules, 0) == 0;
  ::close(static_cast<int>(rules));
  return done ? static_cast<int>(version) : 0;
}

std::uint64_t address_space_in_use() {
  unsigned long pages = 0;
  if (std::FILE* file = std::fopen("/proc/self/statm", "re")) {
    if (std::fscanf(file, "%lu", &pages) != 1) pages = 0;
    std::fclose(file);
  }
  return pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

// Measured once, before /proc is out of reach.
std::uint64_t own_address_space = 0;

bool limit(__rlimit_resource what, std::uint64_t soft, std::uint64_t hard) {
  const rlimit bounds{soft, hard};
  return ::setrlimit(what, &bounds) == 0;
}

constexpr const char* allowed[] = {"read",
                                   "pread64",
                                   "readv",
                                   "write",
                                   "pwrite64",
                                   "writev",
                                   "lseek",
                                   "ftruncate",
                                   "fstat",
                                   "close",
                                   "munmap",
                                   "mremap",
                                   "madvise",
                                   "brk",
                                   "futex",
                                   "sched_getaffinity",
                                   "sched_yield",
                                   "clock_gettime",
                                   "clock_getres",
                                   "clock_nanosleep",
                                   "nanosleep",
                                   "gettimeofday",
                                   "getpid",
                                   "gettid",
                                   "exit",
                                   "exit_group",
                                   "rt_sigaction",
                                   "rt_sigprocmask",
                                   "rt_sigreturn",
                                   "sigaltstack",
                                   "set_robust_list",
                                   "rseq",
                                   "getrandom",
                                   "getcpu",
                                   "sysinfo",
                                   "uname",
                                   "set_tid_address",
                                   "restart_syscall"};

// What libraries try: glibc's allocator looks at files of /proc, abort() sends itself a signal.
constexpr const char* refused[] = {"open",
                                   "openat",
                                   "access",
                                   "faccessat",
                                   "faccessat2",
                                   "readlink",
                                   "readlinkat",
                                   "stat",
                                   "lstat",
                                   "newfstatat",
                                   "statx",
                                   "ioctl",
                                   "fcntl",
                                   "tgkill",
                                   "tkill",
                                   "kill",
                                   "prctl",
                                   "sched_setscheduler",
                                   "sched_setaffinity",
                                   "sched_getparam",
                                   "sched_getscheduler",
                                   "setpriority",
                                   "membarrier",
                                   "set_mempolicy",
                                   "mbind"};

bool add_rules(scmp_filter_ctx filter) {
  // A name that this machine's processor has no call for is no rule.
  const auto add = [filter](std::uint32_t action, const char* name, auto... conditions) {
    const int call = ::seccomp_syscall_resolve_name(name);
    return call == __NR_SCMP_ERROR || call < 0 ||
           ::seccomp_rule_add(filter, action, call, sizeof...(conditions), conditions...) == 0;
  };
  const auto without = [](unsigned argument, std::uint64_t bits) {
    return scmp_arg_cmp{argument, SCMP_CMP_MASKED_EQ, bits, 0};
  };
  bool all = true;
  for (const char* name : allowed) all = add(SCMP_ACT_ALLOW, name) && all;
  for (const char* name : refused) all = add(SCMP_ACT_ERRNO(EPERM), name) && all;
  // Memory, but never to run what is in it.
  all = add(SCMP_ACT_ALLOW, "mmap", without(2, PROT_EXEC)) && all;
  all = add(SCMP_ACT_ALLOW, "mprotect", without(2, PROT_EXEC)) && all;
  // Threads, but no processes. clone3 hides its flags from filters; glibc then takes clone.
  constexpr std::uint64_t thread = 0x10000;  // CLONE_THREAD
  all = add(SCMP_ACT_ALLOW, "clone", scmp_arg_cmp{0, SCMP_CMP_MASKED_EQ, thread, thread}) && all;
  all = add(SCMP_ACT_ERRNO(ENOSYS), "clone3") && all;
  // Limits may be asked for and not be set.
  all = add(SCMP_ACT_ALLOW, "prlimit64", scmp_arg_cmp{2, SCMP_CMP_EQ, 0, 0}) && all;
  return all;
}

}  // namespace

std::string to_string(const Layers& layers) {
  std::string text = "a process a clip, limits of memory and time";
  if (layers.no_new_privileges) text += ", no new privileges";
  if (layers.seccomp) text += ", seccomp";
  text += layers.landlock > 0 ? format(", Landlock {}", layers.landlock)
                              : std::string("; this kernel has no Landlock");
  return text;
}

Layers give_up_files() {
  own_address_space = address_space_in_use();
  Layers layers;
  layers.no_new_privileges = ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
  layers.landlock = restrict_files();
  return layers;
}

CallFilter::CallFilter() : filter_(::seccomp_init(SCMP_ACT_KILL_PROCESS)) {
  if (filter_ == nullptr || add_rules(filter_)) return;
  ::seccomp_release(filter_);
  filter_ = nullptr;
}
CallFilter::~CallFilter() {
  if (filter_ != nullptr) ::seccomp_release(filter_);
}

bool CallFilter::install() const noexcept {
  return filter_ != nullptr && (under_sanitizer || ::seccomp_load(filter_) == 0);
}

bool confine(const Bounds& bounds, const CallFilter& filter) noexcept {
  const auto seconds = static_cast<std::uint64_t>(std::ceil(bounds.seconds));
  const bool limited =
      limit(RLIMIT_CORE, 0, 0) && limit(RLIMIT_FSIZE, bounds.frames, bounds.frames) &&
      limit(RLIMIT_CPU, seconds, seconds + 1) && limit(RLIMIT_NOFILE, 16, 16) &&
      (under_sanitizer ||
       limit(RLIMIT_AS, own_address_space + bounds.memory, own_address_space + bounds.memory));
  return limited && filter.install();
}

}  // namespace vidclass::sandbox
